"""A client that orders and pays over HTTP while things die, and remembers what was acknowledged."""

import random
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from uuid import UUID

from tests.visitor import Answer, Visitor

PAUSE_SECONDS = 0.02
ORDERS = 5  # of one person: one may stand, the others are refused, and each is a row
LOOKS = 40  # how often an order is looked at before its person goes on


class Stopped(Exception):
    """The client was told to end."""


@dataclass
class Client(threading.Thread):
    """People of the sandbox, one after the other: each orders, pays if she may, orders again."""

    address: str
    people: Sequence[str]
    chance: random.Random
    asked_to_stop: threading.Event
    acknowledged: dict[UUID, int] = field(default_factory=dict)
    clashes: list[str] = field(default_factory=list)
    paid: set[int] = field(default_factory=set)
    not_acknowledged: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        with suppress(Stopped):
            while True:
                for person in self.people:
                    self._visit(person)

    def _visit(self, person: str) -> None:
        visitor = Visitor(self.address)
        while self._tried(visitor, "/aanmelden", {"person": person}) is None:
            self._pause()
        number = min([self._order(visitor) for _ in range(ORDERS)])
        for _ in range(LOOKS):
            self._pause()
            with suppress(OSError, HTTPException):
                page = visitor.get(f"/bestelling/{number}")
                if f"/bestelling/{number}/betalen" in page.text:
                    self._pay(visitor, number)
                    return
                if page.status == 200 and "keer=0" not in page.text:
                    return

    def _order(self, visitor: Visitor) -> int:
        """Order, again and again under one key until it is acknowledged; now and then once more."""
        key = UUID(int=self.chance.getrandbits(128), version=4)
        again = 1 + (self.chance.random() < 0.3)
        while again:
            answer = self._tried(visitor, "/bestellen", {"language": "nl", "key": str(key)})
            if answer is None:
                self._pause()
                continue
            number = int(answer.goes_to.removeprefix("/bestelling/"))
            if self.acknowledged.setdefault(key, number) != number:
                self.clashes.append(f"{key}: {self.acknowledged[key]} and {number}")
            again -= 1
        return self.acknowledged[key]

    def _pay(self, visitor: Visitor, number: int) -> None:
        """Pay once: who does not know whether her bank did it, looks before she pays again."""
        path = f"/bestelling/{number}/betaal"
        if self._tried(visitor, path, {}) is not None:
            self.paid.add(number)

    def _tried(self, visitor: Visitor, path: str, fields: dict[str, str]) -> Answer | None:
        """Send a form; None unless it was acknowledged with a redirect."""
        if self.asked_to_stop.is_set():
            raise Stopped
        with suppress(OSError, HTTPException):
            answer = visitor.post(path, fields)
            if answer.status == 302:
                return answer
        self.not_acknowledged += 1
        return None

    def _pause(self) -> None:
        if self.asked_to_stop.is_set():
            raise Stopped
        time.sleep(PAUSE_SECONDS)
