"""No more goes back than was paid: held by the database, whatever many workers do at once."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION commerce_refund_within_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid record;
    back record;
BEGIN
    -- One after the other: each sees the refunds of those before it.
    SELECT amount, order_id INTO paid FROM commerce_payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount + tax_amount), 0) AS gross INTO back FROM commerce_refund
        WHERE payment_id = NEW.payment_id AND status IN ('approved', 'sending', 'completed');
    IF back.gross > paid.amount THEN
        RAISE EXCEPTION 'refunds of payment % exceed what was paid', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_payment';
    END IF;
    IF NEW.transaction_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(tax_amount), 0) AS tax, coalesce(sum(fee_amount), 0) AS fee,
        coalesce(sum(seller_amount), 0) AS seller INTO back FROM commerce_refund
        WHERE transaction_id = NEW.transaction_id AND status IN ('approved', 'sending', 'completed');
    IF NOT EXISTS (
        SELECT FROM commerce_transaction WHERE id = NEW.transaction_id AND order_id = paid.order_id
            AND back.tax <= tax_amount AND back.fee <= platform_fee AND back.seller <= seller_amount
    ) THEN
        RAISE EXCEPTION 'refunds of transaction % exceed its parts', NEW.transaction_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_transaction';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER refund_within_paid AFTER INSERT OR UPDATE ON commerce_refund FOR EACH ROW
    WHEN (NEW.status IN ('approved', 'sending', 'completed'))
    EXECUTE FUNCTION commerce_refund_within_paid();
"""
BACKWARDS = """
DROP TRIGGER refund_within_paid ON commerce_refund;
DROP FUNCTION commerce_refund_within_paid;
"""


class Migration(migrations.Migration):
    dependencies = [("commerce", "0018_past_refunds")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
