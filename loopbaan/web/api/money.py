"""What a centre is owed and paid, as the description of the API shows it: whole cents."""

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime

from loopbaan.web.api.shapes import DAY, Next, says

CLAIM, PAID_BY = 88, "2025-03-12"
State = Annotated[
    Literal[
        "paid",
        "at_the_bank",
        "to_release",
        "due",
        "overdue",
        "held",
        "account_refused",
        "set_off",
        "recovery_late",
        "asked_back",
        "recovered",
    ],
    says(
        "due: paid on `day` at the latest. overdue: it had to be. to_release: in a payment that a"
        " second person releases. at_the_bank: the bank pays on `day`. paid on `day`. held up to"
        " and including `day`: see `hold`. account_refused: your bank sent a payment back, give"
        " another account. set_off: you owe more than you claim. recovery_late: you had to pay back"
        " by `day`. asked_back: pay it back by `day`. recovered: you paid it back on `day`.",
        "due",
    ),
]


class Hold(Schema):
    """Why a claim, or all that the centre is owed, is not paid for now, and until when."""

    id: Annotated[int, says("The number of the hold.", 2)]
    claim: Annotated[int | None, says("The claim that is held; null: all you are owed.", None)]
    article: Annotated[str, says("The legal ground.", "art. 12, § 2")]
    reason: Annotated[str, says("Why, in Dutch.", "Controle ter plaatse.")]
    since: Annotated[date, says("The first day.", DAY)]
    until: Annotated[date, says("The last day.", "2025-03-31")]
    lifted_on: Annotated[date | None, says("The day on which it was lifted before its end.", None)]


class Holds(Schema):
    """Holds by number."""

    items: list[Hold]
    next: Next


class Claim(Schema):
    """A claim or a counter-entry, and the day on which it is paid, or why it is not."""

    id: Annotated[int, says("The number of the claim.", CLAIM)]
    talk: Annotated[int, says("The number of its talk.", 31)]
    kind: Annotated[
        Literal["talk", "counter"],
        says("talk, or a counter-entry to it: then minutes and cents are negative.", "talk"),
    ]
    minutes: Annotated[int, says("Whole minutes.", 60)]
    vat_percent: Annotated[int, says("The VAT rate by your status on the day of the claim.", 0)]
    fee_cents: Annotated[int, says("The fee of the talk's day.", 18_225)]
    vat_cents: Annotated[int, says("The VAT on it.", 0)]
    total_cents: Annotated[int, says("Fee and VAT.", 18_225)]
    claimed_at: Annotated[AwareDatetime, says("The moment of the claim.", f"{DAY}T10:00:00Z")]
    state: State
    day: Annotated[date | None, says("The day that goes with `state`, if there is one.", PAID_BY)]
    sentence: Annotated[
        str, says("The state for a person.", "Will be paid by this day at the latest.")
    ]
    hold: Annotated[Hold | None, says("With `held`: on what ground.", None)]


class Claims(Schema):
    """Claims by number."""

    items: list[Claim]
    next: Next


class Claimed(Schema):
    """Claims that were made now."""

    items: list[Claim]
    more: Annotated[
        bool, says("Confirmed talks are left: call again, with a new `Idempotency-Key`.", False)
    ]


class Payment(Schema):
    """A payment to the centre. Its claims: `GET /claims?payment=`."""

    id: Annotated[int, says("The number of the payment.", 9)]
    state: Annotated[
        Literal["at_the_bank", "paid", "returned", "failed"],
        says(
            "returned: your bank sent it back. failed: our bank does not carry it out. Either way"
            " its claims wait again.",
            "paid",
        ),
    ]
    total_cents: Annotated[int, says("What is paid.", 18_225)]
    iban: Annotated[str, says("The account to which it goes.", "BE68539007547034")]
    reference: Annotated[str, says("What your bank's statement shows.", "CENTRUM-9")]
    execute_on: Annotated[date, says("The day on which the bank was asked to pay.", PAID_BY)]
    paid_on: Annotated[date | None, says("The day on which the bank paid.", PAID_BY)]
    returned_on: Annotated[date | None, says("The day on which it came back.", None)]


class Payments(Schema):
    """Payments by number."""

    items: list[Payment]
    next: Next


class Recovery(Schema):
    """Money that the centre is asked to pay back. Its claims: `GET /claims?recovery=`."""

    id: Annotated[int, says("The number of the recovery.", 1)]
    state: Annotated[
        Literal["asked", "paid", "cancelled"],
        says("cancelled: what you owe is set off against what you are paid next.", "asked"),
    ]
    total_cents: Annotated[int, says("What was asked back.", 4_050)]
    left_cents: Annotated[int, says("What you still pay of it, at once or in parts.", 4_050)]
    reason: Annotated[str, says("Why, in Dutch.", "Gesprek 31 was korter.")]
    due_on: Annotated[date, says("The last day to pay.", PAID_BY)]
    iban: Annotated[str, says("The account to pay to.", "BE68539007547034")]
    reference: Annotated[str, says("The structured communication, its digits.", "900000000122")]
    paid_on: Annotated[date | None, says("The day on which your payment arrived.", None)]


class Recoveries(Schema):
    """Recoveries by number."""

    items: list[Recovery]
    next: Next


class Statement(Schema):
    """The claims of some days as they stand today, page by page; the sums are of all those days."""

    since: Annotated[date, says("The first day of the claims.", "2025-02-01")]
    until: Annotated[date, says("The last day of the claims.", "2025-02-28")]
    lines: list[Claim]
    next: Next
    fee_cents: Annotated[int, says("The fees.", 18_225)]
    vat_cents: Annotated[int, says("The VAT.", 0)]
    total_cents: Annotated[int, says("Fees and VAT.", 18_225)]
    paid_cents: Annotated[int, says("What of it was paid, or paid back.", 0)]
    owed_cents: Annotated[
        int, says("All that is in no payment yet, of any day; negative if you owe.", 18_225)
    ]
    asked_back: Annotated[Recovery | None, says("What you have to pay back now, of any day.", None)]
