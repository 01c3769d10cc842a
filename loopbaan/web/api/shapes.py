"""What is sent and what comes back, as the description of the API shows it; money is in `money`."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

from loopbaan.adapters.webhooks import LONGEST

MOST_ID = 2**53 - 1  # what every language reads as a whole number
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
MOST_MINUTES = 1_440
VOUCHER, DAY = "20250000000017", "2025-02-10"


def says(description: str, example: Any) -> Any:
    """Return what the description says of a field, and an example of it."""
    return Field(description=description, examples=[example])


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
Day = Annotated[date, BeforeValidator(_day), Field(examples=[DAY])]
Id = Annotated[int, Field(ge=1, le=MOST_ID, examples=[12]), WHOLE]
Number = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{10,14}$",
        description="The 14 digits on the voucher, or the 12 of the payment request before that.",
        examples=[VOUCHER],
    ),
]
ClientNumber = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{0,10}$",
        description="The client number on the voucher; empty with a payment request.",
        examples=["12345678"],
    ),
]
Coach = Annotated[int, says("The number of the coach: see `GET /coaches`.", 4)]
Next = Annotated[
    int | None, says("Send it as `after` to read what follows; null: this is the end.", None)
]


class Sent(Schema):
    """A body that is sent: nothing is read into it, and nothing more is in it."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Reason(Schema):
    """One reason: its code, and a sentence in the language asked."""

    code: Annotated[str, says("A stable code.", "plan_missing")]
    detail: Annotated[
        str,
        says("A sentence for a person.", "There is no personal development plan yet."),
    ]


class Where(Schema):
    """A part of what was sent, and what is wrong with it."""

    where: Annotated[str, says("The path to it.", "body.minutes")]
    what: Annotated[str, says("What is wrong, in the language asked.", "This is lacking.")]


class Told(Schema):
    """A problem (RFC 9457). `code` is stable; `reasons` are all that speak against it."""

    type: Annotated[str, says("Where the code is explained.", "/api#plan_missing")]
    title: Annotated[str, says("The code in words.", "plan missing")]
    status: Annotated[int, says("The status of the answer.", 409)]
    code: Annotated[str, says("The code of the first reason: branch on this.", "plan_missing")]
    detail: Annotated[
        str,
        says("The first reason, for a person.", "There is no personal development plan yet."),
    ]
    reasons: list[Reason]
    errors: Annotated[list[Where], says("What does not fit, with `not_understood`.", [])]


class Numbers(Sent):
    """What stands on a voucher. Before the payment: the number of the payment request."""

    number: Number
    client_number: ClientNumber


class Code(Numbers):
    """The numbers, and the six digits that the worker got and handed over."""

    code: Annotated[
        str, Field(pattern=r"^[0-9]{6}$", description="The six digits.", examples=["402918"])
    ]


class Start(Numbers):
    """The numbers, and what the centre declares about the guidance."""

    own_initiative: Annotated[bool, says("The worker chose the guidance herself.", True)]
    part_of_other_guidance: Annotated[
        bool, says("It is a part of outplacement, treatment or training.", False)
    ]
    single_test: Annotated[bool, says("It is one test or one method.", False)]


class NewTalk(Sent):
    """A talk that was held: its conversation time alone, at a location or remotely (null)."""

    coach: Annotated[Id, says("The number of the coach: see `GET /coaches`.", 4)]
    held_on: Annotated[Day, says("The day in Flanders: from the start up to today.", DAY)]
    minutes: Annotated[
        int,
        Field(
            ge=1,
            le=MOST_MINUTES,
            description="Whole minutes of conversation with the worker, nothing else.",
            examples=[60],
        ),
        WHOLE,
    ]
    location: Annotated[
        Id | None, says("The number of the location: see `GET /locations`. null: remotely.", 2)
    ]
    is_conversation: Annotated[
        bool,
        says("You declare that all of it was conversation: no preparation, test or report.", True),
    ]
    charged_cents: Annotated[
        int,
        Field(
            ge=0,
            le=10_000_000,
            description="What you charged the worker besides the voucher. More than 0 is refused.",
            examples=[0],
        ),
        WHOLE,
    ]


class NewAftercare(Sent):
    """A free talk after the closing."""

    coach: Annotated[Id, says("The number of the coach: see `GET /coaches`.", 4)]
    held_on: Annotated[Day, says("The day in Flanders, within the term of the aftercare.", DAY)]


class Centre(Schema):
    """Whose key this is, for what it serves and until when."""

    name: Annotated[str, says("The name of the centre.", "Centrum De Brug")]
    kbo: Annotated[str, says("Its enterprise number, ten digits.", "0403019261")]
    is_recognised: Annotated[bool, says("Whether it is recognised today.", True)]
    scopes: Annotated[list[str], says("For what this key serves.", ["check", "start"])]
    expires_on: Annotated[date, says("The last day of this key.", "2025-12-31")]


class Person(Schema):
    """A coach of the centre; `may_guide` says whether that is so today."""

    id: Coach
    name: Annotated[str, says("The name.", "Dora")]
    may_guide: Annotated[bool, says("Whether she may guide for your centre today.", True)]


class Place(Schema):
    """A location of the centre."""

    id: Annotated[int, says("The number of the location.", 2)]
    street: Annotated[str, says("Street and number.", "Brugstraat 1")]
    town: Annotated[str, says("The town.", "Gent")]
    is_open: Annotated[bool, says("Whether workers still find it.", True)]
    free_places: Annotated[int, says("How many workers can begin there.", 3)]


class People(Schema):
    """The coaches of the centre by number."""

    items: list[Person]
    next: Next


class Places(Schema):
    """The locations of the centre by number."""

    items: list[Place]
    next: Next


class Checked(Schema):
    """Whether the centre can start a voucher now, and if not why. Of one that is not opened for
    the centre nothing more is told, not even whether it exists.
    """

    may_start: Annotated[bool, says("Whether you can start it now.", True)]
    reason: Annotated[
        Literal["centre_not_recognised", "not_opened", "not_paid", "lapsed", "used", "other_centre"]
        | None,
        says(
            "Why not: the code that `POST /start` would give. null: nothing speaks against.", None
        ),
    ]
    sentence: Annotated[str, says("The same for a person.", "You can start this voucher.")]
    minutes: Annotated[int | None, says("What it buys, in whole minutes.", 240)]
    issued_on: Annotated[date | None, says("The day on which it was issued.", "2025-02-03")]
    start_by: Annotated[date | None, says("The last day to start it.", "2025-05-03")]


class Sentence(Schema):
    """What is said."""

    sentence: Annotated[
        str, says("For a person.", "If this voucher exists, the worker gets a code.")
    ]


class Track(Schema):
    """A started voucher at the centre. Minutes are null once it moved to another centre."""

    id: Annotated[int, says("The number of the track.", 7)]
    voucher: Annotated[str, says("The number of the voucher.", VOUCHER)]
    state: Annotated[
        Literal["running", "closed", "moved"],
        says("running, closed (early too), or moved to another centre.", "running"),
    ]
    began_on: Annotated[date, says("The day on which your centre began.", DAY)]
    ended_on: Annotated[date | None, says("The day of the closing or the move.", None)]
    minutes: Annotated[int | None, says("What the voucher bought.", 240)]
    taken_minutes: Annotated[
        int | None, says("What its talks take, confirmed or waiting for an answer.", 60)
    ]
    free_minutes: Annotated[int | None, says("What a new talk may still take.", 180)]
    has_plan: Annotated[bool | None, says("Whether there is a personal development plan.", False)]
    early_by_worker: Annotated[bool, says("Whether the worker agreed to close early.", False)]
    early_by_centre: Annotated[bool, says("Whether your centre agreed to close early.", False)]


class Tracks(Schema):
    """Tracks by number."""

    items: list[Track]
    next: Next


class Talk(Schema):
    """A talk, and how far it is."""

    id: Annotated[int, says("The number of the talk.", 31)]
    track: Annotated[int, says("The number of its track.", 7)]
    coach: Coach
    held_on: Annotated[date, says("The day on which it was held.", DAY)]
    minutes: Annotated[int, says("Whole minutes of conversation.", 60)]
    location: Annotated[int | None, says("The number of the location; null: remotely.", 2)]
    status: Annotated[
        Literal["registered", "confirmed", "disputed", "withdrawn", "annulled"],
        says(
            "registered: waits for the worker. confirmed: by the worker or by silence, to be"
            " claimed. disputed: waits for a decision. withdrawn: by you. annulled: by a decision.",
            "registered",
        ),
    ]
    answer_by: Annotated[
        date | None, says("Not answered after this day, it counts as confirmed.", "2025-02-24")
    ]
    remarks: Annotated[str, says("What the worker said in a dispute.", "")]
    claim: Annotated[int | None, says("The number of its claim, once it is claimed.", None)]


class Talks(Schema):
    """Talks by number."""

    items: list[Talk]
    next: Next


class Aftercare(Schema):
    """A free talk after the closing, noted."""

    id: Annotated[int, says("Its number.", 5)]
    track: Annotated[int, says("The number of its track.", 7)]
    coach: Coach
    held_on: Annotated[date, says("The day on which it was held.", DAY)]


class Address(Sent):
    """Where to be told: an address that begins with https://."""

    address: Annotated[
        str,
        Field(
            min_length=8,
            max_length=LONGEST,
            description="An address of a public machine of yours, with https://.",
            examples=["https://planning.example/told"],
        ),
    ]


class Hook(Schema):
    """A webhook, and how many events it did not take yet, or were given up."""

    id: Annotated[int, says("The number of the webhook.", 3)]
    address: Annotated[str, says("Where is told.", "https://planning.example/told")]
    waiting: Annotated[int, says("How many events wait to be taken.", 0)]
    given_up: Annotated[int, says("How many were given up after thirty hours.", 0)]


class NewHook(Hook):
    """A webhook, with the secret that signs what is sent there. Keep it: it is shown once."""

    secret: Annotated[
        str,
        says("Signs what is sent.", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="),
    ]


class Hooks(Schema):
    """The webhooks of a key: one at most."""

    items: list[Hook]
