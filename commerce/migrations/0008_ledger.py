"""The ledger. Its rows are never changed or deleted, and every movement adds up to nothing in each currency: two
triggers see to that, whoever writes.
"""

from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION commerce_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON commerce_ledgermovement
    FOR EACH ROW EXECUTE FUNCTION commerce_ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON commerce_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION commerce_ledger_append_only();
"""
NO_APPEND_ONLY = """
DROP TRIGGER ledger_append_only ON commerce_ledgermovement;
DROP TRIGGER ledger_append_only ON commerce_ledgerentry;
DROP FUNCTION commerce_ledger_append_only();
"""
BALANCED = """
CREATE FUNCTION commerce_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    off record;
BEGIN
    SELECT currency, sum(amount) AS amount INTO off FROM commerce_ledgerentry
        WHERE movement_id = NEW.movement_id GROUP BY currency HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'movement % is off balance by % %', NEW.movement_id, off.amount, off.currency
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_movement_balanced', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_movement_balanced AFTER INSERT ON commerce_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_ledger_balanced();
"""
NOT_BALANCED = """
DROP TRIGGER ledger_movement_balanced ON commerce_ledgerentry;
DROP FUNCTION commerce_ledger_balanced();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commerce", "0007_coupons_and_tax"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerMovement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sale", "Sale"),
                            ("cost", "Provider's cost"),
                            ("refund", "Refund"),
                            ("due", "Money that bought nothing"),
                            ("due_refund", "Money that bought nothing sent back"),
                            ("payout_reserve", "Payout requested"),
                            ("payout_paid", "Payout paid"),
                            ("payout_return", "Payout returned by the bank"),
                            ("payout_decline", "Payout declined"),
                            ("escrow", "Budget of a bounty"),
                            ("award", "Bounty awarded"),
                            ("escrow_return", "Budget of a bounty returned"),
                            ("plan", "Plan"),
                            ("dispute_hold", "Dispute opened"),
                            ("dispute_won", "Dispute won"),
                            ("dispute_lost", "Dispute lost"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="commerce.payment",
                    ),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="commerce.transaction",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "-created_at"], name="ledger_movement_of_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("buyer", "Buyer"),
                            ("bank", "Bank account of a creator"),
                            ("provider", "Payment providers' costs"),
                            ("seller", "Creator's balance"),
                            ("fee", "Fees"),
                            ("tax", "Tax"),
                            ("reserved", "Payouts requested"),
                            ("held", "Held for disputes"),
                            ("escrow", "Budgets of bounties"),
                            ("plans", "Plans"),
                            ("due", "To be sent back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("currency", models.CharField(max_length=3)),
                ("available_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "movement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="commerce.ledgermovement",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "ledger entries",
                "indexes": [
                    models.Index(
                        fields=["account", "owner", "id"],
                        include=("amount", "currency"),
                        name="ledger_entry_of_account",
                    ),
                    models.Index(fields=["owner", "-id"], name="ledger_entry_of_owner"),
                    models.Index(
                        condition=models.Q(("account", "seller")),
                        fields=["owner", "available_at"],
                        name="ledger_entry_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", 0), _negated=True),
                            ("amount__gt", Decimal("-10000000000.00")),
                            ("amount__lt", Decimal("10000000000.00")),
                        ),
                        name="ledger_entry_moves_money",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "account__in",
                                    ["buyer", "bank", "seller", "reserved", "held", "escrow", "due"],
                                ),
                                ("owner__isnull", False),
                            ),
                            models.Q(
                                ("account__in", ["provider", "fee", "tax", "plans"]), ("owner__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="ledger_entry_owner_fits_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("account", "seller"), ("available_at__isnull", True), _connector="OR"
                        ),
                        name="ledger_entry_only_sellers_wait",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerCheckpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("buyer", "Buyer"),
                            ("bank", "Bank account of a creator"),
                            ("provider", "Payment providers' costs"),
                            ("seller", "Creator's balance"),
                            ("fee", "Fees"),
                            ("tax", "Tax"),
                            ("reserved", "Payouts requested"),
                            ("held", "Held for disputes"),
                            ("escrow", "Budgets of bounties"),
                            ("plans", "Plans"),
                            ("due", "To be sent back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("upto", models.BigIntegerField(verbose_name="last entry that is counted")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "account", "currency", "upto"),
                        name="ledger_checkpoint_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
        migrations.RunSQL(BALANCED, NOT_BALANCED),
    ]
