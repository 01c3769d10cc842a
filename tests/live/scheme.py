"""The cast in the live scheme: orders, decides and pays through the operations themselves."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from loopbaan.adapters.bank import BankAccount, BankStatement
from loopbaan.adapters.cast import CAST
from loopbaan.adapters.fake_bank import FakeBank, How, invented_iban
from loopbaan.adapters.letters import FolderLetters
from loopbaan.adapters.mailbox import FolderMailbox
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.adapters.statements import read
from loopbaan.law import rulebook
from loopbaan.live import (
    batches,
    books,
    deciding,
    enrolling,
    facts,
    guidance,
    members,
    notices,
    opening,
    ordering,
    payment,
    plans,
    recognition,
    talks,
    working,
)
from loopbaan.live.models import (
    Centre,
    Coach,
    Location,
    Member,
    Order,
    Plan,
    StatementLine,
    Talk,
    Token,
    Track,
    Voucher,
    Worker,
)
from loopbaan.live.models.recognition import SCOPES
from loopbaan.live.posting import Post

BOOK = rulebook.current()
REGISTERS = SandboxRegisters(1, 20_000)
ACCOUNT = BankAccount("Loopbaan Vlaanderen", invented_iban(1))
RECOGNISED = date(2022, 1, 3)
GHENT = 2797656
KBO = {
    "Centrum De Brug": "0403019261",
    "Centrum Zonder": "0202239951",
    "Centrum Elders": "0123456749",
}
INSZ = {member.key: member.insz for member in CAST}


@dataclass
class Scheme:
    """The scheme on a day. Time moves only when it is told to."""

    folder: Path
    now: datetime = datetime(2025, 2, 10, 9, 0, tzinfo=UTC)
    bank: FakeBank = field(init=False)
    mailbox: FolderMailbox = field(init=False)
    letters: FolderLetters = field(init=False)

    def __post_init__(self) -> None:
        self.bank = FakeBank(ACCOUNT, self.folder)
        self.mailbox = FolderMailbox(self.folder / "mail")
        self.letters = FolderLetters(self.folder / "letters", "Loopbaan Vlaanderen")

    @property
    def post(self) -> Post:
        """How people are told."""
        return Post(self.mailbox, self.letters, REGISTERS, facts.keyring(), "https://example.be")

    @property
    def today(self) -> date:
        """The day in Flanders."""
        return self.now.astimezone(ZoneInfo("Europe/Brussels")).date()

    def go_to(self, day: date) -> None:
        """Let it become nine in the morning of a day."""
        self.now = datetime.combine(day, time(8), UTC)

    def worker(self, who: str | int) -> Worker:
        """Return a member of the cast, or one of the invented people by number."""
        insz = INSZ[who] if isinstance(who, str) else REGISTERS.people(who, who + 1)[0]
        return enrolling.enrol(
            insz=insz,
            registers=REGISTERS,
            keys=facts.keyring(),
            today=self.today,
            email=f"{who}@example.be",
        )

    def order(self, who: str | int, **changes: object) -> Order:
        """Let somebody order."""
        worker = self.worker(who)
        values = {
            "worker_id": worker.pk,
            "day": self.today,
            "language": "nl",
            "key": uuid4(),
            "now": self.now,
            "actor": f"worker:{worker.pk}",
        }
        return ordering.receive(**(values | changes))

    def decide(self) -> int:
        """Decide what was received, batch after batch, and return how many."""
        count = 0
        while done := deciding.decide_received(
            rulebook=BOOK, registers=REGISTERS, today=self.today, now=self.now
        ):
            count += done
        return count

    def granted(self, who: str | int = "an") -> Order:
        """Let somebody order and be granted."""
        order = self.order(who)
        self.decide()
        assert order.standing.status == "granted"
        return order

    def pay(self, order: Order, how: How = How.EXACT, on: date | None = None) -> None:
        """Let the worker pay at the bank; the money is booked when the bank says so."""
        request = order.payment_request
        self.bank.pay(
            request.reference,
            request.amount_cents,
            name=order.worker.name,
            on=on or self.today,
            due_on=request.due_on,
            how=how,
        )

    def read_bank(self, on: date | None = None) -> list[StatementLine]:
        """Let the bank close a day, and read its statement."""
        raw = self.bank.report(on or self.today)
        assert raw is not None
        return [line for each in read(raw) for line in self.read(each)]

    def read(self, statement: BankStatement) -> list[StatementLine]:
        """Read a statement."""
        return payment.read_statement(
            statement, account=ACCOUNT, rulebook=BOOK, now=self.now, actor="system"
        )

    def paid(self, who: str | int = "an") -> Order:
        """Let somebody order, be granted and pay: a voucher is issued."""
        order = self.granted(who)
        self.pay(order)
        self.read_bank()
        return Order.objects.get(pk=order.pk)

    def work(self) -> working.Done:
        """Let the worker process do one round."""
        outside = working.Outside(
            rulebook=BOOK,
            registers=REGISTERS,
            bank=self.bank,
            account=ACCOUNT,
            handlers=notices.handlers(self.post, ACCOUNT) | batches.handlers(self.bank, ACCOUNT),
        )
        return working.work(outside, today=self.today, now=self.now)

    def centre(self, name: str = "Centrum De Brug") -> Centre:
        """Return a centre of the cast: De Brug is recognised, Zonder is not, Elders is too."""
        found = Centre.objects.filter(name=name).first()
        if found is not None:
            return found
        centre = recognition.enter_centre(
            kbo=KBO[name],
            name=name,
            iban=invented_iban(900 + len(name)),
            email=f"{name.rsplit(maxsplit=1)[-1].lower()}@centrum.example",
            themes=["growth"],
            now=self.now,
            actor="official:claes",
        )
        if name != "Centrum Zonder":
            recognition.recognise(
                centre=centre, since=RECOGNISED, rulebook=BOOK, now=self.now, actor="official:claes"
            )
        return centre

    def coach(self, centre: Centre | None = None) -> Coach:
        """Return Dora, who guides for a centre (De Brug)."""
        centre = centre or self.centre()
        coach = Coach.objects.filter(name="Dora").first() or recognition.enter_coach(
            name="Dora", qualified_on=RECOGNISED, now=self.now, actor="official:claes"
        )
        if not Member.objects.filter(coach=coach, centre=centre).exists():
            members.add_member(
                centre=centre,
                insz=REGISTERS.people(9_000, 9_001)[0],
                name="Dora",
                since=RECOGNISED,
                keys=facts.keyring(),
                now=self.now,
                actor="member:1",
                tasks=["check", "start", "talk"],
                coach=coach,
            )
        return coach

    def location(self, centre: Centre | None = None) -> Location:
        """Return the location of a centre (De Brug), in Ghent."""
        centre = centre or self.centre()
        return centre.locations.first() or recognition.add_location(
            centre=centre,
            town=GHENT,
            street="Brugstraat 1",
            free_places=3,
            now=self.now,
            actor="member:1",
        )

    def lose_recognition(self) -> None:
        """Let De Brug lose its recognition, and let it become the day after."""
        recognition.end_recognition(
            centre=self.centre(),
            last_day=self.today,
            ended_by="withdrawn",
            ground="controle",
            may_ask_on=self.today + timedelta(days=730),
            **self.moment,
            actor="official:claes",
        )
        self.now += timedelta(days=1)

    def key(
        self, *scopes: str, centre: str = "Centrum De Brug", days: int = 30
    ) -> tuple[Token, str]:
        """Make a key for the software of a centre, and return its text with it."""
        return members.make_token(
            centre=self.centre(centre),
            name=f"planning {Token.objects.count()}",
            scopes=scopes or SCOPES,
            expires_on=self.today + timedelta(days=days),
            day=self.today,
            now=self.now,
            actor="member:1",
        )

    def asking(self, voucher: Voucher, centre: Centre | None = None) -> dict[str, Any]:
        """What a centre (De Brug) gives with the numbers of a voucher."""
        return {
            "centre": centre or self.centre(),
            "number": voucher.number,
            "client_number": voucher.client_number,
            "day": self.today,
            "now": self.now,
            "actor": "member:1",
        }

    @property
    def moment(self) -> dict[str, Any]:
        """What an operation needs to know of today."""
        return {"rulebook": BOOK, "day": self.today, "now": self.now}

    def opened(self, who: str | int = "an", centre: Centre | None = None) -> Voucher:
        """Let somebody get a voucher and open it for a centre (De Brug)."""
        order = self.paid(who)
        opening.open_for(
            order=order,
            centre=centre or self.centre(),
            day=self.today,
            now=self.now,
            actor=f"worker:{order.worker_id}",
        )
        return order.voucher

    def start(self, voucher: Voucher, centre: Centre | None = None, **changes: Any) -> Track:
        """Let a centre (De Brug) start a voucher."""
        return guidance.start(**(self.asking(voucher, centre) | {"rulebook": BOOK} | changes))

    def started(self, who: str | int = "an") -> Track:
        """Let somebody get a voucher that De Brug starts."""
        return self.start(self.opened(who))

    def talk(self, track: Track, minutes: int = 60, **changes: Any) -> Talk:
        """Let Dora's centre register a talk of today."""
        values = {
            "track": track,
            "coach": self.coach(track.centre),
            "held_on": self.today,
            "minutes": minutes,
            "location": None,
            "key": uuid4(),
            "actor": "member:1",
        }
        return talks.register(**(values | self.moment | changes))

    def confirmed(self, track: Track, minutes: int = 60, **changes: Any) -> Talk:
        """Let a talk be registered, and confirmed by the worker."""
        talk = self.talk(track, minutes, **changes)
        return talks.confirm(talk=talk, now=self.now, actor="worker:1")

    def plan(self, track: Track) -> Plan:
        """Let the worker fill in her plan."""
        return plans.write_plan(
            voucher=track.voucher,
            parts={"goal": "Leerkracht worden.", "steps": "In september naar de infodag."},
            now=self.now,
            actor="worker:1",
        )

    def closed(self, who: str | int = "an") -> Track:
        """Let somebody use a voucher up, and have it closed."""
        track = self.started(who)
        self.confirmed(track, track.voucher.minutes)
        self.plan(track)
        guidance.close(track=track, actor="member:1", **self.moment)
        return Track.objects.get(pk=track.pk)

    def go_on(self, days: int) -> None:
        """Let days go by, the bank closing each, the worker process at work."""
        for _ in range(days):
            self.bank.report(self.today)
            self.work()
            self.now += timedelta(days=1)
        self.work()


def scenes_with(monkeypatch: pytest.MonkeyPatch, **numbers: object) -> None:
    """Let the scheme live under the law as it is, but with other values of some numbers."""
    content = {**BOOK.content, "numbers": {**BOOK.content["numbers"]}}
    for name, value in numbers.items():
        number = content["numbers"][name]
        lines = [line | {"value": value} for line in number["lines"]]
        content["numbers"][name] = number | {"lines": lines}
    other = rulebook.Rulebook("0" * 64, content, rulebook.numbers_of(content))
    monkeypatch.setitem(globals(), "BOOK", other)


def unclean() -> dict[str, list[str]]:
    """Return the invariants that the rows break."""
    return {name: rows for name, rows in books.offending() if rows}
