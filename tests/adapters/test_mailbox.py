"""Notices leave once, can be read back in the demo, and fail for now or for good."""

import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopbaan.adapters.line_file import LineFile
from loopbaan.adapters.mailbox import (
    FolderMailbox,
    Mailbox,
    MailDown,
    MailRefused,
    Message,
    SmtpMailbox,
)
from tests.house.files import ROOT

AN = Message(
    ident="order-received-1",
    to="an@example.org",
    lang="nl",
    subject="We hebben uw bestelling ontvangen – cheque",
    body="Beste An\n\nUw bestelling kreeg nummer 1.\n",
    sent_at=datetime(2025, 3, 3, 9, 30, tzinfo=UTC),
)
BRAM = replace(AN, ident="order-refused-2", to="bram@example.org", lang="en", subject="Refused")


def test_a_message_is_kept_once_however_often_it_is_sent(tmp_path):
    box: Mailbox = FolderMailbox(tmp_path)
    box.send(AN)
    box.send(AN)
    box.send(replace(AN, body="another text under the same name"))
    assert FolderMailbox(tmp_path).newest() == [AN]


def test_the_newest_come_first_of_all_or_of_one_address(tmp_path):
    box = FolderMailbox(tmp_path)
    sent = [replace(AN, ident=f"{i}", to=f"{i % 3}@example.org") for i in range(10)]
    for message in sent:
        box.send(message)
    assert box.newest() == sent[::-1]
    assert box.newest(3) == sent[:-4:-1]
    assert box.newest(to="1@example.org") == [sent[7], sent[4], sent[1]]
    assert box.newest(to="an") == []
    assert box.find("4") == sent[4]
    assert box.find("x") is None


def test_what_one_process_sends_another_reads(tmp_path):
    web, worker = FolderMailbox(tmp_path), FolderMailbox(tmp_path)
    assert web.newest() == []
    worker.send(AN)
    assert web.newest() == [AN]
    web.send(BRAM)
    worker.send(BRAM)
    assert worker.newest() == web.newest() == [BRAM, AN]


@settings(max_examples=30)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5))
def test_any_text_comes_back_as_it_was(tmp_path_factory, texts):
    box = FolderMailbox(tmp_path_factory.mktemp("mail"))
    sent = [replace(AN, ident=f"{i}", subject=t, body=t) for i, t in enumerate(texts)]
    for message in sent:
        box.send(message)
    assert box.newest() == sent[::-1]


def test_many_threads_send_the_same_and_it_is_kept_once(tmp_path):
    box = FolderMailbox(tmp_path)

    def send() -> None:
        for i in range(20):
            box.send(replace(AN, ident=f"{i}"))
            box.newest(2)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len((tmp_path / "mail.jsonl").read_text("utf-8").splitlines()) == 20


SENDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from loopbaan.adapters.mailbox import FolderMailbox, Message
box = FolderMailbox(Path(sys.argv[1]))
for i in range(int(sys.argv[2])):
    at = datetime(2025, 3, 3, tzinfo=UTC)
    box.send(Message(f"{i}", "an@example.org", "nl", "x", "y" * 5_000, at))
    print(i, flush=True)
"""


def _sender(folder: object, count: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        (sys.executable, "-c", SENDER, str(folder), str(count)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_what_was_sent_before_a_kill_is_there_and_the_rest_is_sent_by_the_next(tmp_path):
    with _sender(tmp_path, 100_000) as process:
        assert process.stdout is not None
        for _ in range(50):
            last = int(process.stdout.readline())
        process.kill()
        last = max([last, *(int(line) for line in process.stdout if line.endswith("\n"))])
    assert len(FolderMailbox(tmp_path).newest(10**6)) >= last + 1
    with _sender(tmp_path, last + 10) as process:
        assert process.wait() == 0
    kept = [message.ident for message in FolderMailbox(tmp_path).newest(10**6)]
    assert len(kept) == len(set(kept)) >= last + 10


def test_half_a_line_is_no_line_and_goes_when_the_next_is_written(tmp_path):
    path = tmp_path / "lines"
    path.write_text('{"a": 1}\n{"a": ' + "2" * 100_000)
    lines, seen = LineFile(path), []
    lines.read_on(lambda _place, line: seen.append(line["a"]))
    with lines.alone():
        lines.append({"a": 3})
    lines.read_on(lambda _place, line: seen.append(line["a"]))
    assert seen == [1, 3]
    assert path.read_text() == '{"a": 1}\n{"a": 3}\n'


class Server(socketserver.ThreadingTCPServer):
    """A mail server of a few lines: it answers RCPT as the address asks, and keeps the mail."""

    daemon_threads = True
    mails: list[bytes]


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Server)
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"MAIL" and b"stranger@" in line:
                self.wfile.write(b"550 who are you\r\n")
                continue
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                mail = b""
                while (text := self.rfile.readline()) != b".\r\n":
                    mail += text
                self.server.mails.append(mail)
            elif verb == b"RCPT" and b"full@" in line:
                self.wfile.write(b"452 mailbox full\r\n")
                continue
            elif verb == b"RCPT" and b"nobody@" in line:
                self.wfile.write(b"550 no such user\r\n")
                continue
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as found:
        found.mails = []
        thread = threading.Thread(target=found.serve_forever, args=(0.02,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def _smtp(server: Server) -> SmtpMailbox:
    sender = "cheques@example.org"
    return SmtpMailbox("127.0.0.1", server.server_address[1], sender, is_encrypted=False)


def test_a_mail_arrives_with_all_that_it_needs(server):
    box: Mailbox = _smtp(server)
    box.send(AN)
    mail = message_from_bytes(server.mails[0], policy=policy.default)
    assert (mail["From"], mail["To"]) == ("cheques@example.org", "an@example.org")
    assert mail["Subject"] == AN.subject
    assert mail["Message-ID"] == "<order-received-1@example.org>"
    assert mail["Date"] == "Mon, 03 Mar 2025 09:30:00 +0000"
    assert (mail["Content-Language"], mail["Auto-Submitted"]) == ("nl", "auto-generated")
    assert mail.get_content().replace("\r\n", "\n") == AN.body


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        ("full@example.org", MailDown),
        ("nobody@example.org", MailRefused),
        ("an", MailRefused),
        ("", MailRefused),
        ("an@example.org, bram@example.org", MailRefused),
        ("an@example.org\r\nBcc: bram@example.org", MailRefused),
    ],
)
def test_a_mail_that_does_not_go_fails_for_now_or_for_good(server, to, fault):
    with pytest.raises(fault) as failed:
        _smtp(server).send(replace(AN, to=to))
    assert not to or to not in str(failed.value)
    assert server.mails == []


def test_a_line_break_in_a_subject_makes_no_header(server):
    with pytest.raises(MailRefused):
        _smtp(server).send(replace(AN, subject="Cheque\r\nBcc: bram@example.org"))
    assert server.mails == []


def test_a_server_that_is_not_there_is_for_now():
    with pytest.raises(MailDown):
        SmtpMailbox("127.0.0.1", 9, "cheques@example.org").send(AN)


def test_a_sender_that_the_server_does_not_know_is_no_fault_of_the_message(server):
    with pytest.raises(MailDown):
        replace(_smtp(server), sender="stranger@example.org").send(AN)


def test_a_server_without_encryption_gets_nothing_where_encryption_is_asked(server):
    with pytest.raises(MailDown):
        replace(_smtp(server), is_encrypted=True, password="secret").send(AN)  # noqa: S106
    assert server.mails == []
    assert "secret" not in repr(replace(_smtp(server), password="secret"))  # noqa: S106
