"""A bank may take back what is held for a bounty, what a winner got of it, and what a time with a plan cost."""

from django.db import migrations, models

CAPS = """
CREATE OR REPLACE FUNCTION commerce_refund_within_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid record;
    back record;
BEGIN
    -- One after the other: each sees the refunds of those before it.
    SELECT amount, order_id INTO paid FROM commerce_payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount + tax_amount), 0) AS gross INTO back FROM commerce_refund
        WHERE payment_id = NEW.payment_id AND status IN ('approved', 'sending', 'completed');
    IF back.gross > paid.amount THEN
        RAISE EXCEPTION 'refunds of payment %% exceed what was paid', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_payment';
    END IF;
    IF NEW.transaction_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(tax_amount), 0) AS tax, coalesce(sum(fee_amount), 0) AS fee,
        coalesce(sum(seller_amount), 0) AS seller INTO back FROM commerce_refund
        WHERE transaction_id = NEW.transaction_id AND status IN ('approved', 'sending', 'completed');
    IF NOT EXISTS (
        SELECT FROM commerce_transaction line WHERE line.id = NEW.transaction_id AND {paid_for}
            AND back.tax <= line.tax_amount AND back.fee <= line.platform_fee AND back.seller <= line.seller_amount
    ) THEN
        RAISE EXCEPTION 'refunds of transaction %% exceed its parts', NEW.transaction_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_transaction';
    END IF;
    RETURN NULL;
END
$$;
"""
# What won a bounty was paid for by the payment of its budget; its order has none of its own.
WITH_AWARDS = CAPS.replace("%%", "%").format(
    paid_for="""(line.order_id = paid.order_id OR EXISTS (
            SELECT FROM commerce_bountysubmission work JOIN commerce_bounty bounty ON bounty.id = work.bounty_id
            WHERE work.transaction_id = line.id AND bounty.payment_id = NEW.payment_id))"""
)
SALES_ALONE = CAPS.replace("%%", "%").format(paid_for="line.order_id = paid.order_id")

_NO_SALE = models.Q(kind="due", transaction__isnull=True, fee_amount=0, seller_amount=0, tax_amount=0)


class Migration(migrations.Migration):
    dependencies = [("commerce", "0024_credit_notes")]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "Refund of a purchase"),
                    ("due", "Money that bought nothing"),
                    ("chargeback", "Taken back by the buyer's bank"),
                    ("plan", "Refund of a time with a plan"),
                ],
                default="sale",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="escrowreturn",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "To be sent back"),
                    ("pending", "On its way"),
                    ("sent", "Sent back"),
                    ("failed", "Could not be sent back"),
                    ("lost", "Taken back by the bank"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="subscriptionperiod",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("paid", "Paid"),
                    ("failed", "Failed"),
                    ("reversed", "Taken back"),
                ],
                default="waiting",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="refund", name="refund_parts_add_up"),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=_NO_SALE
                | models.Q(
                    kind__in=["plan", "chargeback"],
                    transaction__isnull=True,
                    fee_amount=0,
                    seller_amount=0,
                )
                | models.Q(
                    kind__in=["sale", "chargeback"],
                    transaction__isnull=False,
                    amount=models.F("fee_amount") + models.F("seller_amount"),
                ),
                name="refund_parts_add_up",
            ),
        ),
        migrations.RunSQL(WITH_AWARDS, SALES_ALONE),
    ]
