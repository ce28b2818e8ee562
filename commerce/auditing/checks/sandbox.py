"""What the sandbox has on its own books. Other providers are asked: see `commerce.auditing.asking`."""

from commerce.auditing.check import Check

CHECKS = [
    # People who are made up have paid nobody.
    Check(
        "The sandbox has received what we say that it has.",
        """
        SELECT 'payment ' || payment.public_id, CASE
            WHEN charge.id IS NULL THEN 'is ' || payment.status || ', but the sandbox does not know it'
            ELSE 'is ' || payment.status || ' with ' || payment.amount || ', at the sandbox ' || charge.status
                || ' with ' || charge.received || ' smallest units' END
        FROM commerce_payment payment JOIN accounts_user payer ON payer.id = payment.payer_id
        LEFT JOIN commerce_sandboxcharge charge ON charge.charge_id::text = payment.provider_id
        WHERE payment.provider = 'sandbox' AND payment.status = ANY(%(received)s) AND NOT payer.is_demo AND (
            charge.id IS NULL OR charge.status <> 'succeeded' OR charge.received <> payment.amount
                * power(10::numeric, coalesce((%(places)s::jsonb ->> payment.currency)::int, 2)))
        """,
    ),
    Check(
        "We know of everything that the sandbox has received.",
        """
        SELECT 'charge ' || charge.charge_id, 'has succeeded at the sandbox, but payment ' || charge.reference
            || ' is ' || coalesce(payment.status, 'not there')
        FROM commerce_sandboxcharge charge
        LEFT JOIN commerce_payment payment ON payment.public_id::text = charge.reference
        WHERE charge.status = 'succeeded' AND charge.updated_at < now() - %(on_the_way)s
            AND coalesce(payment.status, '') <> ALL(%(received)s)
        """,
    ),
    Check(
        "The sandbox has given back what we say that it has.",
        """
        SELECT 'payment ' || payment.public_id, 'was given back ' || coalesce(posted.amount, 0)
            || ', at the sandbox ' || charge.refunded || ' smallest units'
        FROM commerce_payment payment
        JOIN commerce_sandboxcharge charge ON charge.charge_id::text = payment.provider_id
        LEFT JOIN (
            SELECT movement.payment_id, sum(entry.amount) AS amount
            FROM commerce_ledgermovement movement JOIN commerce_ledgerentry entry ON entry.movement_id = movement.id
            WHERE entry.account = 'buyer' AND movement.kind <> ALL(%(pays)s) AND movement.kind <> 'dispute_lost'
            GROUP BY movement.payment_id
        ) posted ON posted.payment_id = payment.id
        WHERE payment.provider = 'sandbox' AND charge.updated_at < now() - %(on_the_way)s
            AND charge.refunded <> coalesce(posted.amount, 0)
                * power(10::numeric, coalesce((%(places)s::jsonb ->> payment.currency)::int, 2))
        """,
    ),
]
