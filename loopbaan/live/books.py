"""The books: every invariant recomputed from the rows, with the rows that offend."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from loopbaan.live import books_of_guidance as second
from loopbaan.live.batches import late_payouts

CHECKS = {
    "an order within its cap has a place, and no place has two": """
        SELECT 'plaats ' || p.id FROM live_place p
        LEFT JOIN live_decision d ON d.order_id = p.order_id AND d.outcome = 'granted'
        WHERE p.order_id IS NOT NULL AND d.id IS NULL
    """,
    "every order granted in a planned month stands in a place, or stood before the cap": """
        SELECT 'bestelling ' || d.order_id FROM live_decision d
        JOIN live_order o ON o.id = d.order_id
        LEFT JOIN live_place p ON p.order_id = d.order_id
        -- What stood before the cap took the first places; what was over came after all of these.
        JOIN (SELECT month, max(order_id) AS last, bool_or(order_id IS NULL) AS has_free
              FROM live_place GROUP BY month) m
          ON m.month = date_trunc('month', o.ordered_on)::date
        WHERE d.outcome = 'granted' AND p.id IS NULL AND (m.has_free OR d.order_id < m.last)
    """,
    "a person has one open order": """
        SELECT 'werkende ' || worker_id FROM live_standing
        WHERE status IN ('waiting', 'granted', 'issued') GROUP BY worker_id HAVING count(*) > 1
    """,
    "every decided order stands somewhere, and says what its last decision said": """
        SELECT 'bestelling ' || d.order_id FROM live_decision d
        LEFT JOIN live_standing s ON s.order_id = d.order_id WHERE s.order_id IS NULL
    """,
    "every granted order asked its share": """
        SELECT 'bestelling ' || d.order_id FROM live_decision d
        LEFT JOIN live_paymentrequest r ON r.order_id = d.order_id
        WHERE d.outcome = 'granted' AND r.id IS NULL
    """,
    "a voucher for each exact payment, and no more": """
        SELECT 'betaling ' || l.id FROM live_statementline l
        JOIN live_paymentrequest r ON r.id = l.request_id
        LEFT JOIN live_voucher v ON v.order_id = r.order_id
        WHERE l.match = 'exact' AND v.id IS NULL
        UNION ALL
        SELECT 'cheque ' || v.id FROM live_voucher v
        JOIN live_paymentrequest r ON r.order_id = v.order_id
        LEFT JOIN live_statementline l ON l.request_id = r.id AND l.match = 'exact'
        WHERE l.id IS NULL
    """,
    "where an order stands is what the journal says last": """
        SELECT 'bestelling ' || s.order_id FROM live_standing s
        JOIN LATERAL (SELECT after FROM live_journalline j
                      WHERE j.subject = 'order' AND j.subject_id = s.order_id
                      ORDER BY j.id DESC LIMIT 1) j ON true
        WHERE j.after <> s.status
    """,
    "every journal line begins where the one before it ended": """
        SELECT 'dossierregel ' || id FROM (
            SELECT id, before, lag(after) OVER (
                PARTITION BY subject, subject_id ORDER BY id) AS earlier
            FROM live_journalline) j
        WHERE earlier IS NOT NULL AND before <> earlier
    """,
    "money that came in was used, is held, or goes back": """
        SELECT 'verschil ' || (received - moved) FROM (
            SELECT coalesce((SELECT sum(amount_cents) FROM live_statementline
                             WHERE amount_cents > 0), 0) AS received,
                   coalesce((SELECT sum(amount) FROM live_transfer
                             WHERE unit = 'cents' AND state = 'posted' AND debit = 'bank'), 0)
                   AS moved) t
        WHERE received <> moved
    """,
    "money that went out settled what we ordered, or is known to be stray": """
        SELECT 'verschil ' || (gone - moved) FROM (
            SELECT coalesce((SELECT -sum(amount_cents) FROM live_statementline
                             WHERE amount_cents < 0), 0) AS gone,
                   coalesce((SELECT sum(amount) FROM live_transfer
                             WHERE unit = 'cents' AND state = 'posted' AND credit = 'bank'), 0)
                   AS moved) t
        WHERE gone <> moved
    """,
    "what the bank carried out for us stands once on its statements, with its amount": """
        SELECT o.what FROM (
            SELECT 'betaling ' || id AS what, paid_on, amount_cents,
                   concat_ws('-', 'CENTRUM', id, nullif(mark, '')) AS reference FROM live_payout
            UNION ALL
            SELECT 'terugbetaling ' || id, paid_on, amount_cents,
                   concat_ws('-', 'TERUG', id, nullif(mark, '')) FROM live_refund) o
        LEFT JOIN live_statementline l ON l.end_to_end = o.reference AND l.match = 'settled'
        GROUP BY o.what, o.paid_on, o.amount_cents
        HAVING count(l.id) <> (o.paid_on IS NOT NULL)::int
            OR coalesce(-sum(l.amount_cents), o.amount_cents) <> o.amount_cents
    """,
    "no account owes what it never got": """
        SELECT 'rekening ' || account FROM (
            SELECT credit AS account, amount FROM live_transfer
            WHERE state = 'posted' AND unit = 'cents'
            UNION ALL
            SELECT debit, -amount FROM live_transfer WHERE state = 'posted' AND unit = 'cents') t
        WHERE account IN ('held', 'unmatched', 'to_refund')
        GROUP BY account HAVING sum(amount) < 0
    """,
    "what is settled was announced, and with the same amount": """
        SELECT 'boeking ' || t.id FROM live_transfer t JOIN live_transfer p ON p.id = t.settles_id
        WHERE p.state <> 'pending' OR p.amount <> t.amount OR p.debit <> t.debit
           OR p.credit <> t.credit OR p.unit <> t.unit
    """,
    "minutes issued are claimed, open, lost at closing, or lapsed unstarted": """
        SELECT 'cheque ' || v.id FROM live_voucher v
        LEFT JOIN live_transfer t ON t.key = 'minutes:' || v.id
        LEFT JOIN live_standing s ON s.order_id = v.order_id
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(m.amount) FILTER (WHERE m.debit = 'open'), 0)
                 - coalesce(sum(m.amount) FILTER (WHERE m.credit = 'open'), 0) AS open,
                   coalesce(sum(m.amount) FILTER (WHERE m.debit = 'lapsed'), 0) AS lapsed,
                   coalesce(sum(m.amount) FILTER (WHERE m.debit = 'lost'), 0) AS lost,
                   coalesce(sum(m.amount) FILTER (WHERE m.debit = 'claimed'), 0)
                 - coalesce(sum(m.amount) FILTER (WHERE m.credit = 'claimed'), 0) AS claimed,
                   coalesce(sum(m.amount) FILTER (WHERE m.debit = 'confirmed'), 0)
                 - coalesce(sum(m.amount) FILTER (WHERE m.credit = 'confirmed'), 0) AS confirmed
            FROM live_transfer m WHERE m.about = 'voucher' AND m.about_id = v.id
              AND m.unit = 'minutes' AND m.state = 'posted') b ON true
        WHERE t.id IS NULL OR t.amount <> v.minutes OR b.open < 0 OR b.confirmed < 0
           OR b.claimed < 0
           OR v.minutes <> b.open + b.confirmed + b.claimed + b.lost + b.lapsed
           OR (b.lapsed > 0) <> (s.status = 'lapsed_unstarted')
    """,
    **second.CHECKS,
    "nothing in the outbox is about a row that is not there": """
        SELECT 'bericht ' || b.id FROM live_outboxrow b
        WHERE NOT CASE split_part(b.kind, '_', 1)
            WHEN 'opening' THEN EXISTS (SELECT FROM live_openingcode c WHERE c.id = b.about_id)
            WHEN 'opened' THEN EXISTS (SELECT FROM live_opening p WHERE p.id = b.about_id)
            WHEN 'hold' THEN EXISTS (SELECT FROM live_hold h WHERE h.id = b.about_id)
            WHEN 'talk' THEN EXISTS (SELECT FROM live_talk t WHERE t.id = b.about_id)
            WHEN 'track' THEN EXISTS (SELECT FROM live_track t WHERE t.id = b.about_id)
            WHEN 'webhook' THEN EXISTS (
                SELECT FROM live_journalline j JOIN live_webhook h ON h.id::text = b.part
                WHERE j.id = b.about_id)
            WHEN 'recovery' THEN EXISTS (SELECT FROM live_recovery r WHERE r.id = b.about_id)
            WHEN 'payout' THEN EXISTS (SELECT FROM live_payoutbatch p WHERE p.id = b.about_id)
            ELSE EXISTS (SELECT FROM live_order o WHERE o.id = b.about_id) END
    """,
}


def warnings(day: date) -> dict[str, list[str]]:
    """Return what breaks nothing and yet asks for somebody, with the rows (20 at most)."""
    late = late_payouts(day).order_by("pk")[:20]
    return {
        "what was released is booked by the bank three days later": [
            f"betaling {each.pk}" for each in late
        ]
    }


def offending() -> Iterator[tuple[str, list[str]]]:
    """Yield each invariant with the rows that break it (at most 20 are named)."""
    for name, query in CHECKS.items():
        with connection.cursor() as cursor:
            cursor.execute(query)
            yield name, [row[0] for row in cursor.fetchmany(20)]
