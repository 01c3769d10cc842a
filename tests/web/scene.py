"""The cast at the pages: who is logged in where, and what has happened before they look."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.fake_bank import How
from loopbaan.live import outbox, refunds
from loopbaan.live.models import Order, OutboxRow, StatementLine
from loopbaan.web.access import OFFICIALS
from tests.live.scheme import ACCOUNT, Scheme

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SHAPES = {"path", "rect", "circle"}


@dataclass
class Scene:
    """An's order is a voucher, Bram's is refused, Claire's is undecided, Dirk's is to be paid."""

    scheme: Scheme
    orders: dict[str, int] = field(default_factory=dict)
    line: int = 0
    released: int = 0
    dead: int = 0

    def set(self) -> "Scene":
        """Let all that has happened before happen."""
        self.orders["an"] = self.scheme.paid("an").pk
        self.orders["bram"] = self.scheme.order("bram").pk
        self.orders["dirk"] = self.scheme.order("dirk").pk
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
        row = outbox.tell("voucher_resend", self.orders["an"], now=now, part="again")
        OutboxRow.objects.filter(pk=row.pk).update(dead_at=now, attempts=6, fault="MailDown: no")
        self.dead = row.pk
        return self


def log_in(who: str, **options: Any) -> Client:
    """Return a browser in which one of the cast, or an official, is logged in."""
    client = Client(**options)
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
