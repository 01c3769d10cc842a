"""The mailbox: every notice leaves through it, once. The demo's is a folder that can be read."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from loopbaan.adapters.line_file import Line, LineFile
from loopbaan.adapters.unusable import Lang

TIMEOUT_SECONDS = 20.0


class MailDown(RuntimeError):
    """The mail server does not answer or asks to come back: the message may be tried again."""


class MailRefused(RuntimeError):
    """The mail server will never take this message: its address, or the message itself."""


@dataclass(frozen=True, slots=True)
class Message:
    """A notice. The same `ident` is the same message, however often it is sent."""

    ident: str
    to: str
    lang: Lang
    subject: str
    body: str
    sent_at: datetime


class Mailbox(Protocol):
    """Where notices go."""

    def send(self, message: Message) -> None:
        """Send a message; sent before under the same `ident`, nothing happens.

        Raises:
            MailDown: try again later.
            MailRefused: trying again is of no use.

        """


@dataclass
class FolderMailbox:
    """A mailbox that keeps all it sends in a folder, to be read back."""

    folder: Path
    _places: dict[str, tuple[int, str]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._lines = LineFile(self.folder / "mail.jsonl")

    def send(self, message: Message) -> None:
        """Keep a message, once."""
        with self._lines.alone():
            self._lines.read_on(self._note)
            if message.ident not in self._places:
                self._lines.append({**asdict(message), "sent_at": message.sent_at.isoformat()})

    def newest(self, most: int = 50, *, to: str | None = None) -> list[Message]:
        """Return the messages kept, the newest first, of all or of one address."""
        self._lines.read_on(self._note)
        places = [place for place, address in self._places.values() if to in (None, address)]
        return [self._message(place) for place in reversed(places[-most:])]

    def find(self, ident: str) -> Message | None:
        """Return one message."""
        self._lines.read_on(self._note)
        return self._message(self._places[ident][0]) if ident in self._places else None

    def _note(self, place: int, line: Line) -> None:
        self._places[line["ident"]] = (place, line["to"])

    def _message(self, place: int) -> Message:
        line = dict(self._lines.at(place))
        return Message(**{**line, "sent_at": datetime.fromisoformat(line["sent_at"])})


@dataclass(frozen=True)
class SmtpMailbox:
    """A mailbox that hands messages to a mail server, each over a connection of its own.

    SMTP knows no "sent before": a message that was taken just before the connection broke may
    arrive twice, with the same Message-ID, which mail programs show once.
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_encrypted: bool = True

    def send(self, message: Message) -> None:
        """Hand a message over."""
        mail = self._mail(message)
        try:
            with self._server() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise _failure(min(codes)) from refused
        except smtplib.SMTPDataError as refused:
            raise _failure(refused.smtp_code) from refused
        except OSError as fault:  # the line, the greeting, the login, the sender: not this message
            raise MailDown(f"the mail server does not answer: {type(fault).__name__}") from fault

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
            if self.is_encrypted:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            yield server

    def _mail(self, message: Message) -> EmailMessage:
        """Return the mail; a line break in an address or a subject never makes a header."""
        mail = EmailMessage()
        try:
            domain = Address(addr_spec=self.sender).domain
            mail["From"] = Address(addr_spec=self.sender)
            mail["To"] = Address(addr_spec=message.to)
            mail["Subject"] = message.subject
        except (ValueError, IndexError):
            raise MailRefused("the address or the subject is none") from None
        mail["Date"] = format_datetime(message.sent_at)
        mail["Message-ID"] = f"<{message.ident}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        mail["Content-Language"] = message.lang  # after the content, which takes away Content-*
        return mail


def _failure(code: int) -> MailDown | MailRefused:
    """Return what an answer of the server means: 4xx is for now, 5xx for good."""
    if 500 <= code < 600:
        return MailRefused(f"the mail server refuses with {code}")
    return MailDown(f"the mail server asks to come back with {code}")
