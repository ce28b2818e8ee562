"""What commerce keeps about people: carts, orders, what they have and what they sold. See `accounts.personal_data`."""

from django.db import transaction
from django.db.models import F, Sum

from accounts.models import User
from accounts.personal_data import Exported, Fate, Held, Keeper, rows
from commerce import payout_keeping, review_keeping
from commerce.actions.order_payments import cancel_order
from commerce.actions.saved_methods import remove
from commerce.actions.subscriptions.ending import end_for_good
from commerce.bounties import keeping as bounties
from commerce.documents import invoice_for, plan_invoice_for, print_all_of, store
from commerce.models import (
    Certificate,
    CreditNote,
    DownloadLink,
    Invoice,
    Order,
    Payment,
    ProviderCall,
    Refund,
    SubscriptionPeriod,
    WebhookEvent,
)
from commerce.refunding import keeping as refunds
from core.templatetags.core_tags import money_text

BOOKS = (
    "Sums, dates and countries of what was paid have to stay in the books, and invoices as they were issued; other than"
    " there, names and addresses do not."
)

HOLDS = bounties.HOLDS | {
    "commerce.CartItem.user": Held("cart", Fate.DELETED),
    "commerce.Order.buyer": Held("orders", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.Payment.payer": Held("payments", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.Transaction.buyer": Held("bought", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.Transaction.seller": Held("sold", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.CouponUse.user": Held("coupons", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.LedgerEntry.owner": Held("ledger", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.LedgerCheckpoint.owner": Held(
        "", Fate.ANONYMISED, not_copied="They are sums of what is in `ledger`.", not_deleted=BOOKS
    ),
    "commerce.Subscription.user": Held("plans", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.Purchase.user": Held("library", Fate.ANONYMISED, not_deleted=BOOKS),
    **review_keeping.HOLDS,
    **payout_keeping.HOLDS,
    "commerce.SavedPaymentMethod.user": Held(
        "cards",
        Fate.ANONYMISED,
        not_deleted="Until it has been told, the provider's name for the card is needed.",
    ),
    **refunds.HOLDS,
}
BILLING = tuple(f"billing_{part}" for part in ("name", "email", "company", "address", "city", "postcode"))
ORDER = (
    *(
        "public_id",
        "status",
        "currency",
        "subtotal",
        "coupon_code",
        "discount_amount",
        "tax_name",
        "tax_rate",
    ),
    *("tax_amount", "prices_include_tax", "total", *BILLING),
    *("billing_country", "created_at", "completed_at", "terms_accepted_at"),
)
LINE = (
    *("transaction_id", "title", "license", "amount", "tax_amount", "coupon_code", "discount_amount"),
    *("payment_method", "payment_status", "created_at", "completed_at"),
)
PLAN = (
    *("public_id", "state", "interval", "price", "country", "period_start", "period_end", "trial_ends_at"),
    *("created_at", "cancelled_at", "ended_at"),
)
PERIOD = (
    *(
        "public_id",
        "kind",
        "state",
        "interval",
        "start",
        "end",
        "amount",
        "tax_name",
        "tax_rate",
        "tax_amount",
    ),
    *("created_at", "paid_at"),
)
ENTRY = ("account", "amount", "currency", "available_at", "created_at")


def export(user: User) -> Exported:
    payments = Payment.objects.of_payer(user).order_by("pk")
    links = DownloadLink.objects.filter(purchase__user=user).order_by("pk")
    periods = SubscriptionPeriod.objects.of_user(user).order_by("pk")
    library = ("file_version", "download_count", "download_limit", "created_at", "revoked_at")
    bought = user.purchase_transactions.order_by("pk")
    sold = user.sale_transactions.order_by("pk")
    tables = [
        (
            "cart",
            rows(user.cart_items.order_by("pk"), "saved_for_later", "created_at", title=F("model__title")),
        ),
        ("orders", rows(user.orders.order_by("pk"), *ORDER)),
        (
            "payments",
            rows(
                payments,
                "purpose",
                "method",
                "provider",
                "status",
                "amount",
                "currency",
                "created_at",
                "completed_at",
            ),
        ),
        (
            "coupons",
            rows(user.coupon_uses.order_by("pk"), "status", "created_at", code=F("coupon__code")),
        ),
        ("cards", rows(user.saved_payment_methods.kept().order_by("pk"), "label", "expires", "created_at")),
        ("bought", rows(bought, *LINE, order_number=F("order__public_id"))),
        # Not whom they sold to.
        ("sold", rows(sold, *LINE, "platform_fee", "seller_amount")),
        (
            "invoices",
            rows(
                Invoice.objects.of_payer(user).order_by("pk"),
                *("number", "issued_at", "currency", "net_amount", "tax_amount", "total"),
                order_number=F("order__public_id"),
                receipt_number=F("period__public_id"),
            ),
        ),
        (
            "credit_notes",
            rows(
                CreditNote.objects.filter(invoice__in=Invoice.objects.of_payer(user)).order_by("pk"),
                *("number", "issued_at", "currency", "net_amount", "tax_amount", "total"),
                invoice_number=F("invoice__number"),
            ),
        ),
        (
            "certificates",
            rows(
                Certificate.objects.of_user(user).order_by("pk"),
                *("public_id", "holder", "shows_holder", "shows_order", "created_at"),
                title=F("purchase__transaction__title"),
            ),
        ),
        ("plans", rows(user.subscriptions.order_by("pk"), *PLAN, plan_name=F("plan__name"))),
        ("plan_payments", rows(periods, *PERIOD, plan_name=F("plan__name"))),
        ("library", rows(user.purchases.order_by("pk"), *library, title=F("transaction__title"))),
        ("ledger", rows(user.ledger_entries.order_by("pk"), *ENTRY, kind=F("movement__kind"))),
        *review_keeping.tables(user),
        ("downloads", rows(links, "created_at", title=F("purchase__transaction__title"))),
        *payout_keeping.tables(user),
        *refunds.tables(user),
        *bounties.tables(user),
    ]
    return Exported(tables=tables, files=bounties.files(user))


def veto(user: User) -> list[str]:
    """Money that is on its way, or that is the person's."""
    found = bounties.veto(user)
    own = Payment.objects.of_payer(user)
    is_open = Order.objects.of_buyer(user).filter(status=Order.Status.PENDING).exists()
    if is_open or own.open().exists():
        found.append("Something of yours waits for its payment: pay or cancel it first.")
    due = own.aggregate(total=Sum("refund_due_amount"))["total"]
    if due:
        found.append(f"{money_text(due)} is still to be sent back to you.")
    if Payment.objects.open().filter(order__transactions__seller=user).exists():
        found.append("Somebody is paying for a model of yours: that is settled within a day.")
    return found + payout_keeping.vetoes(user) + refunds.veto(user)


def erase(user: User) -> None:
    """Nobody can tell from the books any longer who bought. What others bought of the person stays theirs."""
    payout_keeping.erase(user)
    end_for_good(user)
    user.cart_items.all().delete()
    bounties.erase(user)
    for order in Order.objects.of_buyer(user).filter(status=Order.Status.FAILED):
        cancel_order(order)
    DownloadLink.objects.filter(purchase__user=user).delete()
    _print_papers(user)
    for certificate in Certificate.objects.of_user(user):
        certificate.forget_holder()
    review_keeping.erase(user)
    with transaction.atomic():
        Order.objects.of_buyer(user).update(**dict.fromkeys(BILLING, ""))
        # Handled, and so of no more use; providers put the payer's name and address into them.
        events = WebhookEvent.objects.filter(payment__payer=user, processed_at__isnull=False)
        events.update(payload={})
        ProviderCall.objects.filter(payment__payer=user).update(question={}, answer={}, error="")
        refunds.erase(user)
    for saved in user.saved_payment_methods.kept():
        remove(saved)
    user.saved_payment_methods.update(label="", brand="", last4="", expires=None)


def _print_papers(user: User) -> None:
    """While it is known to whom they are billed."""
    for order in Order.objects.of_buyer(user).completed().filter(total__gt=0).order_by("pk"):
        invoice = invoice_for(order)
        if invoice is not None:
            store(invoice)
    for period in SubscriptionPeriod.objects.of_user(user).settled().order_by("pk"):
        invoice = plan_invoice_for(period)
        if invoice is not None:
            store(invoice)
    for refund in Refund.objects.filter(payment__payer=user).order_by("pk"):
        print_all_of(refund)


def keeper() -> Keeper:
    return Keeper(name="commerce", holds=HOLDS, export=export, erase=erase, veto=veto)
