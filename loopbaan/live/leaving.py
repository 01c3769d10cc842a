"""What leaves of each table, column by column, and what stays: `exporting` writes it.

A row is known by its number alone. What says who somebody is, what somebody wrote, what a plan
says, where money goes and what opens a door stays. A test holds every column of every table
against this list.
"""

from dataclasses import dataclass

from django.db.models import Model

from loopbaan.live import models

BY = "who did it: worker, member of a centre, its software (token), official or system"
AT = "moment at which it happened"


@dataclass(frozen=True)
class Leaving:
    """What leaves of a table: its name, the meaning of each column, and the columns that stay.

    The number of the row leaves always.
    """

    name: str
    columns: dict[str, str]
    stays: tuple[str, ...] = ()


LEAVING: dict[type[Model], Leaving] = {
    models.Place: Leaving(
        "places",
        {
            "month": "first day of the month",
            "number": "which place of the month it is",
            "order": "the order that stands in it; empty: free",
        },
    ),
    models.PaymentRequest: Leaving(
        "payment_requests",
        {
            "order": "the order that is paid by it",
            "amount_cents": "own share that is asked, in cents, VAT included",
            "requested_on": "day on which it was asked",
            "due_on": "last day on which it can be booked",
        },
        stays=("reference",),
    ),
    models.Statement: Leaving(
        "statements",
        {
            "until": "last day that it tells of",
            "read_at": "moment at which it was read",
        },
        stays=("account", "ident"),
    ),
    models.StatementLine: Leaving(
        "statement_lines",
        {
            "statement": "the statement that it stands on",
            "booked_on": "booking day of the bank",
            "amount_cents": "amount in cents; negative: it went out",
            "match": "what it was matched as",
            "request": "the payment request that it names",
            "recovery": "the recovery that it names",
        },
        stays=(
            "bank_reference",
            "remittance",
            "communication",
            "end_to_end",
            "payer_name",
            "payer_iban",
        ),
    ),
    models.Refund: Leaving(
        "refunds",
        {
            "line": "the entry of the bank that goes back",
            "ground": "why it goes back",
            "amount_cents": "amount in cents",
            "made_by": BY,
            "made_at": AT,
            "released_by": "who released it: somebody else",
            "released_at": "moment of the release",
            "paid_on": "booking day of the bank",
        },
        stays=("mark",),
    ),
    models.Voucher: Leaving(
        "vouchers",
        {
            "order": "the order that was paid",
            "minutes": "minutes of guidance that it buys",
            "issued_on": "day on which it was issued",
            "start_by": "last day on which it can be started",
            "started_on": "day on which it was started",
            "closed_on": "day on which it was closed",
            "taken_minutes": "minutes of talks that are registered, disputed or confirmed",
        },
        stays=("number", "client_number"),
    ),
    models.Transfer: Leaving(
        "transfers",
        {
            "at": AT,
            "debit": "account that it is booked to",
            "credit": "account that it is booked from",
            "unit": "cents or minutes",
            "amount": "amount in that unit",
            "state": "pending, posted or voided",
            "settles": "the pending booking that it ends",
            "about": "table of the row that it is about",
            "about_id": "number of that row",
            "key": "what makes a second one of it impossible",
        },
    ),
    models.JournalLine: Leaving(
        "journal",
        {
            "at": AT,
            "actor": BY,
            "subject": "table of the row that moved",
            "subject_id": "number of that row",
            "before": "where it stood",
            "act": "what was done",
            "after": "where it stands",
        },
        stays=("ground",),
    ),
    models.Centre: Leaving(
        "centres",
        {
            "kbo": "number of the undertaking",
            "name": "name of the centre",
            "vat": "liable to VAT, or exempt",
            "themes": "what it says it is good at, parted by ;",
            "languages": "languages in which it explains, parted by ;",
        },
        stays=("iban", "email", "phone", "website"),
    ),
    models.Recognition: Leaving(
        "recognitions",
        {
            "centre": "the centre that is recognised",
            "since": "first day",
            "until": "last day",
            "ended_by": "withdrawn, stopped by itself, or empty",
            "may_ask_on": "first day on which it can be recognised again; empty: any",
        },
        stays=("ground",),
    ),
    models.Location: Leaving(
        "locations",
        {
            "centre": "the centre whose location it is",
            "town": "number of the town in the gazetteer (GeoNames)",
            "free_places": "places that the centre says are free",
            "is_open": "whether guidance is given there",
        },
        stays=("street",),
    ),
    models.Coach: Leaving(
        "coaches",
        {
            "qualified_on": "first day of the qualification; empty: none",
            "qualified_until": "last day of it; empty: no end",
        },
        stays=("name", "key"),
    ),
    models.Member: Leaving(
        "members",
        {
            "centre": "the centre that she works for",
            "coach": "the coach that she is; empty: she does not guide",
            "tasks": "what she may do for the centre, parted by ;",
            "since": "first day",
            "until": "last day; empty: no end",
            "earlier": "first and last day of each earlier time, parted by ;",
        },
        stays=("insz_key", "insz_cipher", "insz_lookup", "name"),
    ),
    models.Token: Leaving(
        "tokens",
        {
            "centre": "the centre whose software uses it",
            "scopes": "what it may do, parted by ;",
            "made_at": AT,
            "made_by": BY,
            "expires_on": "last day on which it lets in",
            "revoked_at": "moment from which it lets nobody in",
        },
        stays=("name", "digest"),
    ),
    models.Webhook: Leaving(
        "webhooks",
        {
            "token": "the key that asked for it",
            "made_at": AT,
            "ended_at": "moment at which it ended",
        },
        stays=("address",),
    ),
    models.Opening: Leaving(
        "openings",
        {
            "order": "the order that is open",
            "centre": "the centre that it is open for",
            "way": "by the worker, by a code, or by a move",
            "opened_at": AT,
            "ended_at": "moment at which it was shut",
        },
    ),
    models.OpeningCode: Leaving(
        "opening_codes",
        {
            "order": "the order that it opens",
            "centre": "the centre that asked for it",
            "asked_at": AT,
            "expires_at": "moment from which it opens nothing",
            "wrong": "wrong codes that were given",
            "used_at": "moment at which it opened the order",
        },
    ),
    models.Attempt: Leaving(
        "attempts",
        {
            "centre": "the centre that tried a number",
            "actor": BY,
            "at": AT,
            "act": "check, ask, open or start",
            "order": "the order that the number is of; empty: of none",
            "missed": "whether it counts as a guess",
        },
    ),
    models.Track: Leaving(
        "tracks",
        {
            "voucher": "the voucher that was started",
            "centre": "the centre that guides",
            "began_on": "first day",
            "ended_on": "last day: closed, or moved",
            "early_by_worker_at": "moment at which the worker agreed to close early",
            "early_by_centre_at": "moment at which the centre agreed to close early",
        },
    ),
    models.Talk: Leaving(
        "talks",
        {
            "track": "the track that it is part of",
            "coach": "who guided",
            "held_on": "day of the talk",
            "minutes": "minutes of conversation",
            "location": "where it was held; empty: remotely",
            "status": "where it stands now",
            "registered_at": AT,
            "answer_by": "last day for the answer of the worker",
        },
        stays=("key", "remarks", "ruling"),
    ),
    models.Plan: Leaving(
        "plans",
        {
            "voucher": "the voucher that it belongs to",
            "made_at": AT,
            "made_by": BY,
            "is_pdf": "uploaded as a PDF, or filled in",
        },
        stays=("content_key", "content_cipher"),
    ),
    models.Aftercare: Leaving(
        "aftercare",
        {
            "track": "the track that it follows on",
            "coach": "who guided",
            "held_on": "day of the talk",
            "noted_at": AT,
            "noted_by": BY,
        },
    ),
    models.Look: Leaving(
        "looks",
        {
            "worker": "whose data were looked at",
            "at": AT,
            "actor": BY,
            "centre": "for which centre; empty: for the authority",
            "what": "what was looked at",
        },
        stays=("reason",),
    ),
    models.Claim: Leaving(
        "claims",
        {
            "talk": "the talk that it is for",
            "centre": "the centre that claims",
            "kind": "talk, or counter: minutes that are taken back",
            "minutes": "minutes; negative: taken back",
            "millicents_per_hour": "fee of the talk's day, VAT excluded, in thousandths of a cent",
            "vat_percent": "VAT of the centre, in percent",
            "fee_cents": "fee, VAT excluded",
            "vat_cents": "VAT on it",
            "worker_cents": "part of the worker's share",
            "employer_cents": "part of the employer",
            "sector_fund_cents": "part of the sector fund",
            "union_cents": "part of the union",
            "government_cents": "part of the government: the rest",
            "claimed_at": AT,
            "claimed_by": BY,
            "pay_by": "last day on which it is to be paid",
        },
    ),
    models.Hold: Leaving(
        "holds",
        {
            "centre": "the centre that is not paid",
            "claim": "the claim that is not paid; empty: all of that centre",
            "article": "article on which it is held",
            "since": "first day",
            "until": "last day",
            "placed_by": BY,
            "placed_at": AT,
            "lifted_on": "day from which it holds nothing",
        },
        stays=("reason",),
    ),
    models.PayoutBatch: Leaving(
        "payout_batches",
        {
            "made_by": BY,
            "made_at": AT,
            "execute_on": "day on which the bank pays",
            "status": "made, cancelled or released",
            "released_by": "who released it: somebody else",
            "released_at": "moment of the release",
        },
        stays=("mark",),
    ),
    models.Payout: Leaving(
        "payouts",
        {
            "batch": "the batch that it is part of",
            "centre": "the centre that is paid",
            "amount_cents": "amount in cents, VAT included",
            "paid_on": "booking day of the bank",
            "returned_on": "day on which the bank sent it back",
            "return_reason": "why, by the code of the bank",
            "fail_asked_by": "who says that the bank does not carry it out",
            "fail_asked_at": AT,
            "failed_by": "who confirmed that: somebody else",
            "failed_at": "moment of that: its claims are paid again",
        },
        stays=("mark", "name", "iban", "fail_reason"),
    ),
    models.Recovery: Leaving(
        "recoveries",
        {
            "centre": "the centre that pays back",
            "amount_cents": "amount in cents, VAT included",
            "due_on": "last day to pay",
            "status": "made, cancelled or released",
            "made_by": BY,
            "made_at": AT,
            "released_by": "who released it: somebody else",
            "released_at": "moment of the release",
            "paid_on": "booking day of the bank",
        },
        stays=("reference", "reason"),
    ),
    models.PayoutLine: Leaving(
        "payout_lines",
        {
            "payout": "the payment that the claim stands in",
            "recovery": "the recovery that it stands in",
            "claim": "the claim or counter-entry",
            "is_void": "whether that payment or recovery does not hold",
        },
    ),
}
# Orders, decisions and facts are put together in `exporting`; of these nothing leaves by itself.
APART = (models.Order, models.Decision, models.Standing, models.Batch)
STAYING: dict[type[Model], str] = {
    models.Worker: "who somebody is; its number stands with the order",
    models.OutboxRow: "what is still to be told, and was",
    models.Answer: "what the software of a centre was answered; its rows leave themselves",
    models.Progress: "how far the decider is",
    models.Calculation: "what the authority has played out: no part of the scheme",
}
# Columns that say who did something: only in which role leaves.
ROLES = ("actor", "made_by", "released_by", "claimed_by", "placed_by", "noted_by")
