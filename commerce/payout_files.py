"""A batch as the file that a bank or PayPal takes."""

from django.conf import settings

from accounts.models import User
from commerce.models import PayoutBatch, PayoutDetails
from core.models import AuditEntry

Method = PayoutDetails.Method
# The columns of a method's own, by the names under which the details keep them.
COLUMNS = {
    Method.IBAN: ("iban", "bic"),
    Method.ACCOUNT: ("account_number", "routing_number", "bic"),
    Method.PAYPAL: ("paypal_email",),
}


def batch_table(batch: PayoutBatch, *, by: User) -> tuple[list[str], list[list]]:
    """Header and rows, with everything in full; that somebody took them goes into the audit log.

    Raises:
        SealBroken: the details of one of the payouts cannot be opened. Nothing was taken.
    """
    columns = COLUMNS[batch.method]
    header = ["payout", "name", "country", *columns, "amount", "currency", "reference"]
    rows = []
    for payout in batch.payouts.select_related("details").order_by("pk"):
        values = payout.details.opened() if payout.details else {}
        rows.append(
            [
                payout.number,
                values.get("holder", ""),
                payout.details.country if payout.details else "",
                *(values.get(name, "") for name in columns),
                payout.amount,
                payout.currency,
                f"{settings.SITE_NAME} payout {payout.number}",
            ]
        )
    AuditEntry.record(actor=by, action="payout_batch.exported", target=batch, payouts=len(rows))
    return header, rows
