"""The books: whatever is broken in the rows, behind the back of every constraint, is named."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from loopbaan.command.books import are_clean
from loopbaan.live import batches, books, guidance, opening, payout, recoveries, refunds
from loopbaan.live.models import Claim, Order, PayoutBatch, Talk, Voucher
from tests.live.scheme import ACCOUNT, Scheme, unclean

CLAES, ELS = "official:claes", "official:els"
A_CAPPED_DAY = date(2025, 4, 10)
# Of each invariant: what breaks it, and says which row is to be named.
BREACHES = (
    (
        "an order within its cap has a place, and no place has two",
        """UPDATE live_place SET order_id = (SELECT order_id FROM live_decision
           WHERE outcome = 'refused' LIMIT 1)
           WHERE id = (SELECT max(id) FROM live_place WHERE order_id IS NULL)
           RETURNING 'plaats ' || id""",
    ),
    (
        "every order granted in a planned month stands in a place, or stood before the cap",
        """UPDATE live_place p SET order_id = NULL FROM (
               SELECT min(order_id) AS freed FROM live_place) q
           WHERE p.order_id = q.freed RETURNING 'bestelling ' || q.freed""",
    ),
    (
        "a person has one open order",
        """DROP INDEX one_open_order;
           UPDATE live_standing SET status = 'issued', worker_id = (
               SELECT min(worker_id) FROM live_standing) RETURNING 'werkende ' || worker_id""",
    ),
    (
        "every decided order stands somewhere, and says what its last decision said",
        """DELETE FROM live_standing WHERE order_id = (SELECT max(order_id) FROM live_standing)
           RETURNING 'bestelling ' || order_id""",
    ),
    (
        "every granted order asked its share",
        """DELETE FROM live_paymentrequest WHERE id = (SELECT max(id) FROM live_paymentrequest)
           RETURNING 'bestelling ' || order_id""",
    ),
    (
        "a voucher for each exact payment, and no more",
        """UPDATE live_statementline l SET match = 'late' FROM live_voucher v
           JOIN live_paymentrequest r ON r.order_id = v.order_id
           WHERE l.request_id = r.id AND v.id = (SELECT max(id) FROM live_voucher)
           RETURNING 'cheque ' || v.id""",
    ),
    (
        "where an order stands is what the journal says last",
        """UPDATE live_standing SET status = 'withdrawn' WHERE order_id = (
               SELECT min(order_id) FROM live_standing) RETURNING 'bestelling ' || order_id""",
    ),
    (
        "every journal line begins where the one before it ended",
        """UPDATE live_journalline SET before = 'nergens' WHERE id = (
               SELECT max(id) FROM live_journalline WHERE subject = 'order' AND before <> '')
           RETURNING 'dossierregel ' || id""",
    ),
    (
        "money that came in was used, is held, or goes back",
        """UPDATE live_statementline SET amount_cents = amount_cents + 1 WHERE id = (
               SELECT min(id) FROM live_statementline WHERE amount_cents > 0)
           RETURNING 'verschil 1'""",
    ),
    (
        "money that went out settled what we ordered, or is known to be stray",
        """INSERT INTO live_statementline (statement_id, bank_reference, booked_on, amount_cents,
               remittance, communication, end_to_end, payer_name, payer_iban, match)
           SELECT min(statement_id), 'X', min(booked_on), -1, '', '', '', '', '', 'settled'
           FROM live_statementline RETURNING 'verschil 1'""",
    ),
    (
        "what the bank carried out for us stands once on its statements, with its amount",
        """UPDATE live_statementline SET match = 'stray' WHERE id = (
               SELECT max(id) FROM live_statementline WHERE match = 'settled')
           RETURNING 'betaling ' || split_part(end_to_end, '-', 2)""",
    ),
    (
        "no account owes what it never got",
        """INSERT INTO live_transfer
               (key, at, debit, credit, unit, amount, state, about, about_id)
           VALUES ('breach', now(), 'unmatched', 'bank', 'cents', 1, 'posted', 'line', 1)
           RETURNING 'rekening unmatched'""",
    ),
    (
        "what is settled was announced, and with the same amount",
        """UPDATE live_transfer SET amount = amount + 1 WHERE id = (
               SELECT min(id) FROM live_transfer WHERE settles_id IS NOT NULL)
           RETURNING 'boeking ' || id""",
    ),
    (
        "minutes issued are claimed, open, lost at closing, or lapsed unstarted",
        """UPDATE live_transfer SET amount = amount + 1 WHERE debit = 'lost'
           RETURNING 'cheque ' || about_id""",
    ),
    (
        "minutes issued are claimed, open, lost at closing, or lapsed unstarted",
        """UPDATE live_standing s SET status = 'issued' FROM live_voucher v
           WHERE v.order_id = s.order_id AND s.status = 'lapsed_unstarted'
           RETURNING 'cheque ' || v.id""",
    ),
    (
        "what a voucher has taken is what its talks take",
        """UPDATE live_voucher SET taken_minutes = taken_minutes - 1 WHERE taken_minutes > 0
           RETURNING 'cheque ' || id""",
    ),
    (
        "minutes that the ledger calls confirmed or claimed are those of confirmed talks",
        """UPDATE live_talk t SET minutes = t.minutes + 1 FROM live_track k
           WHERE k.id = t.track_id AND t.id = (
               SELECT min(id) FROM live_talk WHERE status = 'confirmed')
           RETURNING 'cheque ' || k.voucher_id""",
    ),
    (
        "minutes of a talk that waits are pending, and of no other",
        """UPDATE live_talk SET status = 'withdrawn' WHERE id = (
               SELECT max(id) FROM live_talk WHERE status = 'registered')
           RETURNING 'gesprek ' || id""",
    ),
    (
        "claimed minutes of a talk are confirmed ones, all of them",
        """UPDATE live_claim SET minutes = minutes + 1 WHERE id = (
               SELECT min(id) FROM live_claim WHERE kind = 'talk')
           RETURNING 'gesprek ' || talk_id""",
    ),
    (
        "claimed minutes of a talk are confirmed ones, all of them",
        """UPDATE live_talk SET status = 'disputed' WHERE id = (
               SELECT talk_id FROM live_claim ORDER BY id DESC LIMIT 1)
           RETURNING 'gesprek ' || id""",
    ),
    (
        "a claim is booked as it is split",
        """DELETE FROM live_transfer WHERE id = (
               SELECT min(id) FROM live_transfer WHERE about = 'claim')
           RETURNING 'vordering ' || about_id""",
    ),
    (
        "the worker pays no more than the share, and nobody less than nothing",
        """UPDATE live_claim c SET worker_cents = worker_cents + 100000,
               government_cents = government_cents - 100000
           FROM live_talk t JOIN live_track k ON k.id = t.track_id
           WHERE t.id = c.talk_id AND c.id = (SELECT min(id) FROM live_claim)
           RETURNING 'cheque ' || k.voucher_id""",
    ),
    (
        "a claim belongs to the centre of its talk",
        """UPDATE live_claim SET centre_id = centre_id + 1 WHERE id = (
               SELECT max(id) FROM live_claim) RETURNING 'vordering ' || id""",
    ),
    (
        "every payment is the sum of its claims, and each claim is its centre's",
        """UPDATE live_payout SET amount_cents = amount_cents + 1 RETURNING 'betaling ' || id""",
    ),
    (
        "every line of a payment has its claim, and stands in a payment or in a recovery",
        """UPDATE live_payoutline SET claim_id = 0 WHERE id = (
               SELECT min(id) FROM live_payoutline) RETURNING 'regel ' || id""",
    ),
    (
        "every line of a payment has its claim, and stands in a payment or in a recovery",
        """DELETE FROM live_claim c USING live_payoutline l WHERE l.claim_id = c.id
               AND l.payout_id IS NOT NULL RETURNING 'regel ' || l.id""",
    ),
    (
        "no claim is paid or asked back twice, and none by a payment that is void",
        """DROP INDEX claim_paid_once;
           INSERT INTO live_payoutline (payout_id, claim_id, is_void)
           SELECT payout_id, claim_id, false FROM live_payoutline WHERE payout_id IS NOT NULL
           RETURNING 'vordering ' || claim_id""",
    ),
    (
        "no claim is paid or asked back twice, and none by a payment that is void",
        """DROP INDEX claim_paid_once;
           INSERT INTO live_payoutline (recovery_id, claim_id, is_void)
           SELECT r.id, l.claim_id, false FROM live_payoutline l, live_recovery r
           WHERE l.payout_id IS NOT NULL RETURNING 'vordering ' || claim_id""",
    ),
    (
        "no claim is paid or asked back twice, and none by a payment that is void",
        """UPDATE live_payoutline SET is_void = true WHERE payout_id IS NOT NULL
           RETURNING 'vordering ' || claim_id""",
    ),
    (
        "what is asked back is what claims of that centre owe, and comes in once or is taken back",
        """UPDATE live_recovery SET amount_cents = amount_cents + 1
           RETURNING 'terugvordering ' || id""",
    ),
    (
        "what was paid was released by a second person, and booked",
        """ALTER TABLE live_payoutbatch DROP CONSTRAINT batch_two_people;
           UPDATE live_payoutbatch SET released_by = made_by;
           SELECT 'betaling ' || id FROM live_payout""",
    ),
    (
        "what centres are owed is what they claimed, less what they were paid, and what came back",
        """UPDATE live_transfer SET amount = amount + 1 WHERE id = (
               SELECT min(id) FROM live_transfer WHERE credit = 'owed' AND state = 'posted')
           RETURNING 'verschil -1'""",
    ),
    (
        "a started voucher runs at one centre, a closed one at none",
        """UPDATE live_track k SET ended_on = began_on WHERE ended_on IS NULL
           RETURNING 'cheque ' || voucher_id""",
    ),
    (
        "every centre that started a voucher was recognised on that day",
        """UPDATE live_recognition SET since = '2025-12-01';
           SELECT 'traject ' || min(id) FROM live_track""",
    ),
    (
        "nothing in the outbox is about a row that is not there",
        """UPDATE live_outboxrow SET about_id = 0 WHERE id = (
               SELECT min(id) FROM live_outboxrow) RETURNING 'bericht ' || id""",
    ),
)


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None,
    django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scheme]:
    """A scheme in which everything that the books look at has happened; the books are right."""
    assert django_db_setup is None
    with django_db_blocker.unblock(), transaction.atomic():
        yield _happened(Scheme(tmp_path_factory.mktemp("books")))
        transaction.set_rollback(True)


def _happened(scheme: Scheme) -> Scheme:
    scheme.go_to(A_CAPPED_DAY)
    orders = [scheme.granted(who) for who in ("an", "koen", 21)]
    scheme.order("an")  # a second one is refused
    scheme.decide()
    for order in orders:
        scheme.pay(order)
    scheme.read_bank()
    an, koen = (scheme.start(_open(scheme, order)) for order in orders[:2])
    _pay(scheme, payout.claim(talk=scheme.confirmed(koen, 60), actor="member:1", **scheme.moment))
    _take_back(scheme, Claim.objects.get().talk)
    for side in guidance.SIDES:
        guidance.close_early(track=koen, side=side, actor="member:1", **scheme.moment)
    held_on = scheme.today
    _pay(scheme, payout.claim(talk=scheme.confirmed(an, 60), actor="member:1", **scheme.moment))
    scheme.talk(an, 90, held_on=held_on)
    scheme.go_to(A_CAPPED_DAY + timedelta(days=200))
    assert refunds.lapse_unstarted(today=scheme.today, now=scheme.now) == 1
    return scheme


def _open(scheme: Scheme, order: Order) -> Voucher:
    opening.open_for(
        order=order, centre=scheme.centre(), day=scheme.today, now=scheme.now, actor="worker:1"
    )
    return Voucher.objects.get(order=order)


def _pay(scheme: Scheme, _claim: Claim) -> None:
    """Let everything that is claimed be paid, and the bank book it."""
    moment = {"day": scheme.today, "now": scheme.now}
    batch = batches.make_batch(execute_on=scheme.today, actor=ELS, **moment)
    batches.release_batch(batch=batch, account=ACCOUNT, actor=CLAES, **moment)
    scheme.bank.send(batches.batch_file(PayoutBatch.objects.get(pk=batch.pk), ACCOUNT))
    _book(scheme)


def _take_back(scheme: Scheme, talk: Talk) -> None:
    """Let a talk that was paid turn out never to have been, and the centre pay back."""
    payout.correct(talk=talk, minutes=0, ground="agenda", actor=CLAES, **scheme.moment)
    moment = {"day": scheme.today, "now": scheme.now}
    due_on = scheme.today + timedelta(days=30)
    made = recoveries.make_recovery(
        centre=scheme.centre(), reason="agenda", due_on=due_on, actor=ELS, **moment
    )
    asked = recoveries.release_recovery(recovery=made, actor=CLAES, **moment)
    scheme.bank.pay(
        asked.reference,
        asked.amount_cents,
        name="Centrum De Brug",
        on=scheme.today,
        due_on=due_on,
    )
    _book(scheme)


def _book(scheme: Scheme) -> None:
    scheme.now += timedelta(days=1)
    scheme.read_bank()


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize(("name", "breach"), BREACHES)
def test_a_breach_of_an_invariant_is_named(
    capsys: pytest.CaptureFixture[str], name: str, breach: str
) -> None:
    assert unclean() == {}
    with transaction.atomic():
        rows = _break(breach)
        assert rows
        assert not are_clean()
        said = capsys.readouterr().out
        transaction.set_rollback(True)
    told = said.split(f"NOT ok  {name}\n")[1].splitlines()
    assert rows <= {line.strip() for line in told if line.startswith("        ")}


def _break(breach: str) -> set[str]:
    """Break something with every trigger and foreign key asleep; return the rows to be named."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica"
        )
        for statement in breach.split(";"):
            cursor.execute(statement)
        return {row[0] for row in cursor.fetchall()}


def test_there_is_a_breach_of_every_invariant() -> None:
    assert {name for name, _ in BREACHES} == set(books.CHECKS)


@pytest.mark.usefixtures("scene")
def test_the_books_ask_once_for_each_invariant_however_much_there_is() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert unclean() == {}
    assert len(asked) == len(books.CHECKS)
    assert Claim.objects.count() == 3
