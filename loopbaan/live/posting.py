"""How people are told: by mail, or by letter who has no address for mail; a centre by mail.

A letter is addressed when it is posted, by the registers of that day: no address is kept here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from loopbaan.adapters.insz import Keyring
from loopbaan.adapters.letters import Letter, Letters
from loopbaan.adapters.mailbox import Mailbox, Message
from loopbaan.adapters.registers import Registers
from loopbaan.law.wording import Lang
from loopbaan.live.models import Centre, Order, OutboxRow, Worker

Words = Mapping[Lang, tuple[str, str]]  # subject and body, with names in braces


ASK: Mapping[Lang, tuple[str, str, str]] = {
    "nl": ("Geen internet, of een vraag? {}.", "Bel {}", "mail {}"),
    "en": ("No internet, or a question? {}.", "Phone {}", "mail {}"),
}


class NoAddress(LookupError):
    """The registers know no address of somebody who has no mailbox: a person has to look."""


@dataclass(frozen=True)
class Post:
    """Writes to a worker in her language, or to a centre in Dutch."""

    mailbox: Mailbox
    letters: Letters
    registers: Registers
    keys: Keyring
    site: str

    def to_worker(
        self,
        row: OutboxRow,
        order: Order,
        words: Words,
        values: Callable[[Lang], Mapping[str, str]],
    ) -> None:
        """Tell a worker about an order of hers, by mail or by letter."""
        worker: Worker = order.worker
        lang: Lang = "en" if worker.language == "en" else "nl"
        filled = {**values(lang), "page": f"{self.site}/bestelling/{order.pk}"}
        filled["contact"] = contact(lang)
        subject, body = (text.format(**filled).strip() for text in words[lang])
        if worker.email:
            self._mail(row, worker.email, subject, body, lang)
            return
        letter = Letter(
            ident=row.ident,
            to=(worker.name, *self._address(worker, row)),
            lang=lang,
            subject=subject,
            body=body,
            sent_at=timezone.localtime(row.due_at),
        )
        self.letters.post(letter)

    def to_centre(
        self, row: OutboxRow, centre: Centre, words: tuple[str, str], values: Mapping[str, str]
    ) -> None:
        """Tell a centre; one without an address for mail reads it on its pages."""
        filled = {"page": f"{self.site}/mijn-centrum", **values}
        if centre.email:
            subject, body = (text.format(**filled) for text in words)
            self._mail(row, centre.email, subject, body, "nl")

    def _mail(self, row: OutboxRow, to: str, subject: str, body: str, lang: Lang) -> None:
        self.mailbox.send(
            Message(
                ident=row.ident, to=to, subject=subject, body=body, sent_at=row.due_at, lang=lang
            )
        )

    def _address(self, worker: Worker, row: OutboxRow) -> tuple[str, ...]:
        insz = self.keys.open(worker.insz_key, bytes(worker.insz_cipher))
        found = self.registers.address(insz, on=timezone.localdate(row.due_at))
        if found is None:
            raise NoAddress("no address of a worker without a mailbox")
        return found


def contact(lang: Lang) -> str:
    """Return how the authority is reached without these pages; nothing where nobody says so."""
    sentence, phone, mail = ASK[lang]
    ways = ((phone, settings.CONTACT_PHONE), (mail, settings.CONTACT_EMAIL))
    said = [text.format(value) for text, value in ways if value]
    joined = {"nl": " of ", "en": " or "}[lang].join(said)
    return sentence.format(joined[:1].upper() + joined[1:]) if said else ""
