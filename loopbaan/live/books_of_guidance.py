"""The books of the second half: talks, claims and payments against each other and the ledger."""

CHECKS = {
    "what a voucher has taken is what its talks take": """
        SELECT 'cheque ' || v.id FROM live_voucher v
        LEFT JOIN live_track k ON k.voucher_id = v.id
        LEFT JOIN live_talk t ON t.track_id = k.id
             AND t.status IN ('registered', 'disputed', 'confirmed')
        GROUP BY v.id HAVING coalesce(sum(t.minutes), 0) <> v.taken_minutes
    """,
    "minutes that the ledger calls confirmed or claimed are those of confirmed talks": """
        SELECT 'cheque ' || v.id FROM live_voucher v
        LEFT JOIN (SELECT k.voucher_id, sum(t.minutes) AS minutes FROM live_talk t
                   JOIN live_track k ON k.id = t.track_id WHERE t.status = 'confirmed'
                   GROUP BY 1) c ON c.voucher_id = v.id
        LEFT JOIN (SELECT about_id, sum(CASE WHEN debit IN ('confirmed', 'claimed') THEN amount
                                             ELSE 0 END)
                                  - sum(CASE WHEN credit IN ('confirmed', 'claimed') THEN amount
                                             ELSE 0 END) AS minutes
                   FROM live_transfer WHERE about = 'voucher' AND unit = 'minutes'
                    AND state = 'posted' GROUP BY 1) l ON l.about_id = v.id
        WHERE coalesce(c.minutes, 0) <> coalesce(l.minutes, 0)
    """,
    "minutes of a talk that waits are pending, and of no other": """
        SELECT 'gesprek ' || t.id FROM live_talk t
        LEFT JOIN live_transfer p ON p.key = 'talk:' || t.id AND p.state = 'pending'
        LEFT JOIN live_transfer e ON e.settles_id = p.id
        WHERE p.id IS NULL OR (e.id IS NULL) <> (t.status IN ('registered', 'disputed'))
    """,
    "claimed minutes of a talk are confirmed ones, all of them": """
        SELECT 'gesprek ' || c.talk_id FROM live_claim c JOIN live_talk t ON t.id = c.talk_id
        GROUP BY c.talk_id, t.status, t.minutes
        HAVING sum(c.minutes) <> CASE WHEN t.status = 'confirmed' THEN t.minutes ELSE 0 END
            OR bool_and(c.kind <> 'talk')
    """,
    "a claim is booked as it is split": """
        SELECT 'vordering ' || c.id FROM live_claim c
        LEFT JOIN (SELECT about_id,
                          sum(CASE WHEN credit = 'owed' THEN amount ELSE -amount END) AS cents,
                          sum(CASE WHEN 'held' IN (debit, credit) THEN
                              CASE WHEN debit = 'held' THEN amount ELSE -amount END
                              ELSE 0 END) AS worker
                   FROM live_transfer WHERE about = 'claim' AND state = 'posted' GROUP BY 1) t
          ON t.about_id = c.id
        WHERE coalesce(t.cents, 0) <> c.fee_cents + c.vat_cents
           OR coalesce(t.worker, 0) <> c.worker_cents
    """,
    "the worker pays no more than the share, and nobody less than nothing": """
        SELECT 'cheque ' || v.id FROM live_claim c
        JOIN live_talk t ON t.id = c.talk_id JOIN live_track k ON k.id = t.track_id
        JOIN live_voucher v ON v.id = k.voucher_id
        JOIN live_paymentrequest r ON r.order_id = v.order_id
        GROUP BY v.id, r.amount_cents
        HAVING sum(c.worker_cents) NOT BETWEEN 0 AND r.amount_cents OR sum(c.government_cents) < 0
    """,
    "a claim belongs to the centre of its talk": """
        SELECT 'vordering ' || c.id FROM live_claim c JOIN live_talk t ON t.id = c.talk_id
        JOIN live_track k ON k.id = t.track_id WHERE k.centre_id <> c.centre_id
    """,
    "every payment is the sum of its claims, and each claim is its centre's": """
        SELECT 'betaling ' || p.id FROM live_payout p
        LEFT JOIN live_payoutline l ON l.payout_id = p.id
        LEFT JOIN live_claim c ON c.id = l.claim_id
        GROUP BY p.id
        HAVING coalesce(sum(c.fee_cents + c.vat_cents), 0) <> p.amount_cents
            OR bool_or(c.centre_id <> p.centre_id)
    """,
    "every line of a payment has its claim, and stands in a payment or in a recovery": """
        SELECT 'regel ' || l.id FROM live_payoutline l
        LEFT JOIN live_claim c ON c.id = l.claim_id
        LEFT JOIN live_payout p ON p.id = l.payout_id
        LEFT JOIN live_recovery r ON r.id = l.recovery_id
        WHERE c.id IS NULL OR (p.id IS NULL) = (r.id IS NULL)
    """,
    "no claim is paid or asked back twice, and none by a payment that is void": """
        SELECT 'vordering ' || l.claim_id FROM live_payoutline l
        LEFT JOIN live_payout p ON p.id = l.payout_id
        LEFT JOIN live_payoutbatch b ON b.id = p.batch_id
        GROUP BY l.claim_id
        HAVING count(*) FILTER (WHERE NOT l.is_void) > 1
            OR bool_or(l.is_void <> (b.status = 'cancelled' OR p.returned_on IS NOT NULL
                                  OR p.failed_at IS NOT NULL))
    """,
    "what is asked back is what claims of that centre owe, and comes in once or is taken back": """
        SELECT 'terugvordering ' || r.id FROM live_recovery r
        LEFT JOIN (SELECT l.recovery_id, sum(c.fee_cents + c.vat_cents) AS cents,
                          bool_or(l.is_void) AS void, min(c.centre_id) AS low,
                          max(c.centre_id) AS high
                   FROM live_payoutline l JOIN live_claim c ON c.id = l.claim_id
                   GROUP BY 1) o ON o.recovery_id = r.id
        LEFT JOIN live_transfer t ON t.key = 'recovery:' || r.id AND t.amount = r.amount_cents
        LEFT JOIN live_transfer e ON e.settles_id = t.id
        LEFT JOIN (SELECT recovery_id, sum(amount_cents) AS cents FROM live_statementline
                   WHERE match IN ('recovered', 'recovered_part') GROUP BY 1) b
          ON b.recovery_id = r.id
        LEFT JOIN (SELECT about_id,
                          sum(CASE WHEN credit = 'owed' THEN amount ELSE -amount END) AS cents
                   FROM live_transfer WHERE about = 'recovery' AND state = 'posted' GROUP BY 1) m
          ON m.about_id = r.id
        WHERE t.id IS NULL OR o.cents IS DISTINCT FROM -r.amount_cents
           OR o.low <> r.centre_id OR o.high <> r.centre_id OR o.void <> (r.status = 'cancelled')
           OR (r.paid_on IS NOT NULL OR r.status = 'cancelled') <> (e.id IS NOT NULL)
           OR coalesce(b.cents, 0) <> coalesce(m.cents, 0)
           OR (r.paid_on IS NOT NULL) <> (coalesce(b.cents, 0) = r.amount_cents)
           OR coalesce(b.cents, 0) > CASE r.status WHEN 'released' THEN r.amount_cents ELSE 0 END
           OR (r.status = 'released' AND r.released_by = r.made_by)
    """,
    "what was paid was released by a second person, and booked": """
        SELECT 'betaling ' || p.id FROM live_payout p JOIN live_payoutbatch b ON b.id = p.batch_id
        LEFT JOIN live_transfer t ON t.key = 'payout:' || p.id AND t.amount = p.amount_cents
        LEFT JOIN live_transfer e ON e.settles_id = t.id
        WHERE t.id IS NULL OR (p.paid_on IS NOT NULL) <> (e.state IS NOT DISTINCT FROM 'posted')
           OR (b.status = 'cancelled' OR p.failed_at IS NOT NULL)
              <> (e.state IS NOT DISTINCT FROM 'voided')
           OR (p.paid_on IS NOT NULL AND (b.status <> 'released' OR b.released_by = b.made_by))
    """,
    "what centres are owed is what they claimed, less what they were paid, and what came back": """
        SELECT 'verschil ' || (claimed - paid + recovered - owed) FROM (
            SELECT coalesce((SELECT sum(fee_cents + vat_cents) FROM live_claim), 0) AS claimed,
                   coalesce((SELECT sum(amount_cents) FROM live_payout
                             WHERE paid_on IS NOT NULL AND returned_on IS NULL), 0) AS paid,
                   coalesce((SELECT sum(amount_cents) FROM live_statementline
                             WHERE match IN ('recovered', 'recovered_part')), 0) AS recovered,
                   coalesce((SELECT sum(CASE WHEN credit = 'owed' THEN amount
                                             WHEN debit = 'owed' THEN -amount END)
                             FROM live_transfer WHERE state = 'posted'), 0) AS owed) t
        WHERE claimed - paid + recovered <> owed
    """,
    "a started voucher runs at one centre, a closed one at none": """
        SELECT 'cheque ' || v.id FROM live_voucher v
        LEFT JOIN live_standing s ON s.order_id = v.order_id
        LEFT JOIN live_track k ON k.voucher_id = v.id
        GROUP BY v.id, s.status
        HAVING count(k.id) FILTER (WHERE k.ended_on IS NULL) <> (s.status = 'started')::int
            OR (v.started_on IS NOT NULL) <> (s.status IN ('started', 'closed', 'closed_early'))
            OR (v.closed_on IS NOT NULL) <> (s.status IN ('closed', 'closed_early'))
    """,
    "every centre that started a voucher was recognised on that day": """
        SELECT 'traject ' || k.id FROM live_track k
        WHERE NOT EXISTS (
            SELECT FROM live_recognition r WHERE r.centre_id = k.centre_id
              AND k.began_on BETWEEN r.since AND r.until)
    """,
}
