"""The cast at the pages: who is logged in where, and what has happened before they look."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.cast_centres import COLLEAGUES
from loopbaan.adapters.fake_bank import How
from loopbaan.live import (
    batches,
    calculating,
    holds,
    members,
    opening,
    outbox,
    payout,
    plans,
    recoveries,
    refunds,
    talks,
    webhooks,
)
from loopbaan.live.cast_centres import enter_cast
from loopbaan.live.facts import keyring
from loopbaan.live.models import Member, Order, OutboxRow, StatementLine, Track
from loopbaan.web.access import OFFICIALS
from tests.live.scheme import ACCOUNT, BOOK, Scheme

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SHAPES = {"path", "rect", "circle"}
CARD = "a-maximum=1.000&a-verdeling=draw&a-bijdrage=22,50&a-ervaring=7&a-uren=4"
REPORT = """<!doctype html><html><head><title>x</title><style>h1 { color: red }</style></head>
<body><h1>x</h1><script>document.title = "y"</script></body></html>"""


@dataclass
class Scene:
    """An is being guided, Griet has a voucher; Bram is refused, Claire waits, Koen is to pay."""

    scheme: Scheme
    orders: dict[str, int] = field(default_factory=dict)
    line: int = 0
    released: int = 0
    dead: int = 0
    # At De Brug: a talk that waits for An, one that she disputes, one that was paid.
    centre: int = 0
    coach: int = 0
    track: int = 0
    talk: int = 0
    disputed: int = 0
    confirmed: int = 0
    batch: int = 0
    released_batch: int = 0
    hold: int = 0
    calculation: int = 0
    recovery: int = 0
    # Dora of De Brug, and a key of its software.
    member: int = 0
    home: int = 0
    colleague: int = 0
    location: int = 0
    token: int = 0

    def set(self) -> "Scene":
        """Let all that has happened before happen."""
        griet = self.scheme.granted("griet")
        self.scheme.pay(griet)
        self.orders["griet"] = griet.pk
        self.orders["an"] = self.scheme.paid("an").pk
        self.orders["bram"] = self.scheme.order("bram").pk
        self.orders["koen"] = self.scheme.order("koen").pk
        self.scheme.decide()
        sara, wim = self.scheme.granted("sara"), self.scheme.granted("wim")
        self.scheme.go_to(self.scheme.today.replace(day=self.scheme.today.day + 1))
        self.scheme.pay(sara, How.TOO_LITTLE)
        self.scheme.pay(wim, How.TOO_MUCH)
        self.scheme.read_bank()
        self.orders["claire"] = self.scheme.order("claire").pk
        first, second = StatementLine.objects.exclude(match="exact").order_by("pk")
        self.line = first.pk
        now = self.scheme.now
        made = refunds.make_refund(line=second, now=now, actor="official:els")
        refunds.release(
            refunds=[made.pk],
            account=ACCOUNT,
            today=self.scheme.today,
            now=now,
            actor="official:dirk",
        )
        self.released = made.pk
        outbox.tell("voucher_resend", self.orders["an"], now=now, part="again")
        row = OutboxRow.objects.get(kind="voucher_resend", part="again")
        OutboxRow.objects.filter(pk=row.pk).update(dead_at=now, attempts=6, fault="MailDown: no")
        self.dead = row.pk
        self._guide()
        self._man()
        self._pay_out()
        self._calculate()
        return self

    def _guide(self) -> None:
        """Let De Brug guide An, and Centrum Elders ask a code for the voucher of Griet."""
        voucher = Order.objects.get(pk=self.orders["griet"]).voucher
        opening.ask_code(
            centre=self.scheme.centre("Centrum Elders"),
            number=voucher.number,
            client_number=voucher.client_number,
            day=self.scheme.today,
            now=self.scheme.now,
            actor="member:2",
        )
        an = Order.objects.get(pk=self.orders["an"])
        centre, actor = self.scheme.centre(), f"worker:{an.worker_id}"
        moment = {"now": self.scheme.now, "actor": actor}
        opening.open_for(order=an, centre=centre, day=self.scheme.today, **moment)
        track = self.scheme.start(an.voucher)
        self.centre, self.coach = centre.pk, self.scheme.coach().pk
        location = self.scheme.location()
        self.location = location.pk
        confirmed = self.scheme.confirmed(track, 60, location=location)
        disputed = self.scheme.talk(track, 30)
        talks.dispute(talk=disputed, remarks="Dat duurde maar 15 minuten.", **moment)
        plan = {"goal": "Leerkracht worden.", "steps": "In september naar de infodag."}
        plans.write_plan(voucher=an.voucher, parts=plan, **moment)
        self.track, self.confirmed, self.disputed = track.pk, confirmed.pk, disputed.pk
        self.talk = self.scheme.talk(track, 50).pk

    def _man(self) -> None:
        """Let the people of the cast work for their centres, and De Brug have a key."""
        moment = {"day": self.scheme.today, "now": self.scheme.now}
        enter_cast(rulebook=BOOK, keys=keyring(), **moment)
        self.member = Member.objects.get(name="Dora Wilgenrode").pk
        self.home = Member.objects.get(pk=self.member).centre_id
        self.colleague = Member.objects.get(name="Joris Kraanstee").pk
        token, _text = members.make_token(
            centre=self.scheme.centre(),
            name="Agenda",
            scopes=["check", "talk"],
            expires_on=self.scheme.today,
            actor="member:1",
            **moment,
        )
        self.token = token.pk
        webhooks.register(
            token=token,
            address="https://agenda.example/verteld",
            now=self.scheme.now,
            actor="member:1",
        )

    def _pay_out(self) -> None:
        """Let Dirk release what Els made, and make a second batch; a centre is held."""
        track = Track.objects.get(pk=self.track)
        day, now = self.scheme.today, self.scheme.now
        for maker, releaser in (("els", "dirk"), ("dirk", "")):
            self.scheme.confirmed(track, 20)
            payout.claim_all(centre=track.centre, actor="member:1", **self.scheme.moment)
            made = batches.make_batch(execute_on=day, day=day, now=now, actor=f"official:{maker}")
            self.batch = made.pk
            if releaser:
                self.released_batch = made.pk
                batches.release_batch(
                    batch=made, account=ACCOUNT, day=day, now=now, actor=f"official:{releaser}"
                )
        self._ask_back(track)
        self.hold = holds.place_hold(
            centre=self.scheme.centre("Centrum Elders"),
            article="hoofdstuk 7",
            reason="controle ter plaatse",
            until=day.replace(day=28),
            day=day,
            now=now,
            actor="official:els",
        ).pk

    def _ask_back(self, track: Track) -> None:
        """Let Dirk prepare to ask De Brug back what a talk was too long."""
        paid = track.talks.filter(claims__payout_lines__payout__batch=self.released_batch)
        payout.correct(
            talk=paid.latest("pk"),
            minutes=15,
            ground="agenda",
            actor="official:els",
            **self.scheme.moment,
        )
        self.recovery = recoveries.make_recovery(
            centre=track.centre,
            reason="gesprek van 15 minuten",
            due_on=self.scheme.today,
            day=self.scheme.today,
            now=self.scheme.now,
            actor="official:dirk",
        ).pk

    def _calculate(self) -> None:
        """Let Els ask for a calculation, which nobody plays here, and the report be made."""
        self.calculation = calculating.ask(
            title="cap-1000",
            content={},
            seeds=40,
            percent=100,
            now=self.scheme.now,
            actor="official:els",
        ).pk
        made = Path(settings.STATE) / "lab" / "pages"
        made.mkdir(parents=True, exist_ok=True)
        for lang in ("nl", "en"):
            (made / f"verslag.{lang}.html").write_text(REPORT, "utf-8")


def log_in(who: str, **options: Any) -> Client:
    """Return a browser in which one of the cast, of a centre, or an official, is logged in."""
    client = Client(**options)
    if who in COLLEAGUES:
        chosen = {"member": who}
    else:
        chosen = {"official": who} if who in OFFICIALS else {"person": BY_KEY[who].insz}
    response = client.post(reverse("login"), chosen)
    assert response.status_code == 302
    return client


def order_at(client: Client, key: Any = None, **changes: str) -> Order:
    """Order through the page."""
    data = {"language": "nl", "key": str(key or uuid4())} | changes
    response = client.post(reverse("order_new"), data)
    assert response.status_code == 302, response.content.decode()
    return Order.objects.get(pk=int(response.headers["Location"].rsplit("/", 1)[1]))


def rows() -> dict[str, str]:
    """Return what is in each table of the scheme, as one word a table."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("live").get_models():
            table = model._meta.db_table
            text = "md5(string_agg(t::text, '|' ORDER BY t::text))"
            cursor.execute(f"SELECT concat(count(*), {text}) FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


class Page(HTMLParser):
    """A page as a machine reads it: elements in order, words in sight, and what is not right."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.words: list[tuple[str, str]] = []  # language, text
        self._open: list[tuple[str, str]] = []
        self._labelled: set[str] = set()
        self.source = response.content.decode()
        self.feed(self.source)
        self.close()
        if self._open:
            self.faults.append(f"never closed: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice: {names}")
        values = {name: value or "" for name, value in attrs}
        if any(name == "label" for name, _ in self._open):
            values["in-label"] = "yes"
        self.elements.append((tag, values))
        if tag not in VOID | SHAPES:
            self._open.append((tag, values.get("lang", self.lang)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._open and self._open[-1][0] == tag and tag not in VOID | SHAPES:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID | SHAPES:
            return
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:]}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append((self.lang, " ".join(data.split())))

    @property
    def lang(self) -> str:
        """The language of what is being read."""
        return self._open[-1][1] if self._open else ""

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of each element of a kind."""
        return [values for name, values in self.elements if name == tag]

    def text(self, lang: str = "") -> str:
        """Return the words in sight, of one language or all."""
        return " ".join(word for each, word in self.words if lang in ("", each))

    @property
    def ids(self) -> list[str]:
        """Every id."""
        return [values["id"] for _, values in self.elements if "id" in values]


def unlabelled(page: Page) -> list[dict[str, str]]:
    """Return the fields that no label is tied to."""
    named = {values.get("for") for values in page.all("label")}
    fields = [
        values
        for tag in ("input", "select", "textarea")
        for values in page.all(tag)
        if values.get("type") not in ("hidden", "submit")
    ]
    return [
        values
        for values in fields
        if not ({"aria-label", "in-label"} & set(values)) and values.get("id") not in named
    ]
