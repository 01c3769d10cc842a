"""What is sent and what comes back, as the description of the API shows it."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field

from loopbaan.adapters.webhooks import LONGEST

MOST_ID = 2**53 - 1  # what every language reads as a whole number
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
MOST_MINUTES = 1_440


def _day(value: Any) -> Any:
    """Read a day as it is written, and nothing that merely looks like one."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return date.fromisoformat(value)
    if isinstance(value, date):
        return value
    raise ValueError("write a day as 2025-02-10")


def _whole(value: Any) -> Any:
    """Read 60.0 as 60: in JSON they are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
Day = Annotated[date, BeforeValidator(_day)]
Id = Annotated[int, Field(ge=1, le=MOST_ID), WHOLE]
Number = Annotated[str, Field(pattern=r"^[0-9]{10,14}$", examples=["20250000000017"])]
ClientNumber = Annotated[str, Field(pattern=r"^[0-9]{0,10}$", examples=["12345678"])]


class Sent(Schema):
    """A body that is sent: nothing is read into it, and nothing more is in it."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Reason(Schema):
    """One reason: its code, and a sentence in the language asked."""

    code: str
    detail: str


class Where(Schema):
    """A part of what was sent, and what is wrong with it."""

    where: str
    what: str


class Told(Schema):
    """A problem (RFC 9457). `code` is stable; `reasons` are all that speak against it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    reasons: list[Reason]
    errors: list[Where]


class Numbers(Sent):
    """What stands on a voucher. Before the payment: the number of the payment request."""

    number: Number
    client_number: ClientNumber


class Code(Numbers):
    """The numbers, and the six digits that the worker got and handed over."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class Start(Numbers):
    """The numbers, and what the centre declares about the guidance."""

    own_initiative: Annotated[bool, Field(description="The worker chose the guidance herself.")]
    part_of_other_guidance: Annotated[
        bool, Field(description="It is a part of outplacement, treatment or training.")
    ]
    single_test: Annotated[bool, Field(description="It is one test or one method.")]


class NewTalk(Sent):
    """A talk that was held: its conversation time alone, at a location or remotely (null)."""

    coach: Id
    held_on: Day
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES), WHOLE]
    location: Id | None
    is_conversation: bool
    charged_cents: Annotated[int, Field(ge=0, le=10_000_000), WHOLE]


class NewAftercare(Sent):
    """A free talk after the closing."""

    coach: Id
    held_on: Day


class Centre(Schema):
    """Whose key this is, for what it serves and until when."""

    name: str
    kbo: str
    is_recognised: bool
    scopes: list[str]
    expires_on: date


class Person(Schema):
    """A coach of the centre; `may_guide` says whether that is so today."""

    id: int
    name: str
    may_guide: bool


class Place(Schema):
    """A location of the centre."""

    id: int
    street: str
    town: str
    is_open: bool
    free_places: int


class People(Schema):
    """The coaches of the centre."""

    items: list[Person]


class Places(Schema):
    """The locations of the centre."""

    items: list[Place]


class Checked(Schema):
    """Whether the centre can start a voucher now, and if not why. Of one that is not opened for
    the centre nothing more is told, not even whether it exists.
    """

    may_start: bool
    reason: (
        Literal["not_recognised", "not_opened", "not_paid", "lapsed", "used", "other_centre"] | None
    )
    sentence: str
    minutes: int | None
    issued_on: date | None
    start_by: date | None


class Sentence(Schema):
    """What is said."""

    sentence: str


class Track(Schema):
    """A started voucher at the centre. Minutes are null once it moved to another centre."""

    id: int
    voucher: str
    state: Literal["running", "closed", "moved"]
    began_on: date
    ended_on: date | None
    minutes: int | None
    taken_minutes: int | None
    free_minutes: int | None
    has_plan: bool | None
    early_by_worker: bool
    early_by_centre: bool


class Tracks(Schema):
    """Tracks by number; `next` is what to send as `after` for more."""

    items: list[Track]
    next: int | None


class Talk(Schema):
    """A talk, and how far it is; `claim` is the number of its claim."""

    id: int
    track: int
    coach: int
    held_on: date
    minutes: int
    location: int | None
    status: Literal["registered", "confirmed", "disputed", "withdrawn", "annulled"]
    answer_by: date | None
    remarks: str
    claim: int | None


class Talks(Schema):
    """Talks by number; `next` is what to send as `after` for more."""

    items: list[Talk]
    next: int | None


class Aftercare(Schema):
    """A free talk after the closing, noted."""

    id: int
    track: int
    coach: int
    held_on: date


class Hold(Schema):
    """Why a claim is not paid now, and until when."""

    article: str
    reason: str
    until: date


class Claim(Schema):
    """A claim or a counter-entry, and the day on which it is paid, or why it is not."""

    id: int
    talk: int
    kind: Literal["talk", "counter"]
    minutes: int
    vat_percent: int
    fee_cents: int
    vat_cents: int
    total_cents: int
    claimed_at: AwareDatetime
    state: Literal[
        "paid",
        "at_the_bank",
        "to_release",
        "due",
        "held",
        "account_refused",
        "set_off",
        "asked_back",
        "recovered",
    ]
    day: date | None
    sentence: str
    hold: Hold | None


class Claims(Schema):
    """Claims that were made now."""

    items: list[Claim]


class Address(Sent):
    """Where to be told: an address that begins with https://."""

    address: Annotated[str, Field(min_length=8, max_length=LONGEST)]


class Hook(Schema):
    """A webhook, and how many events it did not take yet, or were given up."""

    id: int
    address: str
    waiting: int
    given_up: int


class NewHook(Hook):
    """A webhook, with the secret that signs what is sent there. Keep it: it is shown once."""

    secret: str


class Hooks(Schema):
    """The webhooks of a key."""

    items: list[Hook]


class Statement(Schema):
    """The claims of some days, as they stand today; `owed_cents` is all that is not paid yet."""

    since: date
    until: date
    lines: list[Claim]
    fee_cents: int
    vat_cents: int
    total_cents: int
    paid_cents: int
    owed_cents: int
