"""Letters to those who have no mailbox, printed and posted once. The demo's are PDFs in a folder.

The port hands over a letter with the address that holds on that day. The real one finds its place
beside the fake: whatever house prints and posts for the authority.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from loopbaan.adapters.documents import LetterPaper, letter_pdf
from loopbaan.adapters.line_file import Line, LineFile
from loopbaan.adapters.unusable import Lang


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter; `to` is the name, and the lines of the address below it.

    The same `ident` is the same letter, however often it is posted.
    """

    ident: str
    to: tuple[str, ...]
    lang: Lang
    subject: str
    body: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """What the folder tells of a letter; what it says stands on the paper alone."""

    ident: str
    to: tuple[str, ...]
    lang: Lang
    subject: str
    sent_at: datetime

    @property
    def name(self) -> str:
        """The name of its paper."""
        return _name(self.ident)


class Letters(Protocol):
    """Where letters go."""

    def post(self, letter: Letter) -> None:
        """Post a letter; posted before under the same `ident`, nothing happens."""


@dataclass
class FolderLetters:
    """A post office that keeps each letter as a PDF in a folder, with a list beside them."""

    folder: Path
    sender: str
    _places: dict[str, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._lines = LineFile(self.folder / "letters.jsonl")

    def post(self, letter: Letter) -> None:
        """Keep a letter, once."""
        paper = LetterPaper(
            lang=letter.lang,
            sender=self.sender,
            to=letter.to,
            on=letter.sent_at.date(),
            subject=letter.subject,
            body=letter.body,
        )
        with self._lines.alone():
            self._lines.read_on(self._note)
            if letter.ident in self._places:
                return
            self._path(_name(letter.ident)).write_bytes(letter_pdf(paper))
            line = {name: getattr(letter, name) for name in ("ident", "to", "lang", "subject")}
            self._lines.append({**line, "sent_at": letter.sent_at.isoformat()})

    def newest(self, most: int = 50) -> Sequence[Posted]:
        """Return the letters kept, the newest first."""
        self._lines.read_on(self._note)
        places = list(self._places.values())[-most:]
        return [self._posted(self._lines.at(place)) for place in reversed(places)]

    def paper(self, name: str) -> bytes | None:
        """Return the PDF of the letter of this name; None if there is none."""
        self._lines.read_on(self._note)
        is_known = name in {_name(ident) for ident in self._places}
        return self._path(name).read_bytes() if is_known else None

    def _note(self, place: int, line: Line) -> None:
        self._places[line["ident"]] = place

    def _posted(self, line: Line) -> Posted:
        kept = {**line, "to": tuple(line["to"])}
        return Posted(**{**kept, "sent_at": datetime.fromisoformat(line["sent_at"])})

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.pdf"


def _name(ident: str) -> str:
    return ident.replace(":", "-").rstrip("-")
