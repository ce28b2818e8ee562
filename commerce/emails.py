"""Mails and notifications about orders, written in the transaction that they tell about."""

from decimal import Decimal

from django.urls import reverse

from accounts.models import Notification, User
from accounts.notifications import notify
from commerce.models import Order, Transaction
from core.addresses import absolute_url
from core.mail import send
from core.templatetags.core_tags import money_text


def tell_buyer(order: Order, lines: list[Transaction]) -> None:
    """The receipt, to the address of the order."""
    buyer = order.buyer
    if not order.billing_email:
        # An account made by an operator may have no address, and a free model asks for none.
        return
    send(
        kind="commerce/receipt",
        to=buyer if buyer.email == order.billing_email else order.billing_email,
        context={
            "order": order,
            "lines": lines,
            "paid": order.total > 0,
            "order_url": absolute_url(order.get_absolute_url()),
            "library_url": absolute_url(reverse("commerce:purchases")),
            "course_url": absolute_url(lines[0].course.get_absolute_url()) if lines[0].course_id else "",
        },
        dedupe_key=f"receipt:{order.pk}",
    )


def tell_seller(order: Order, seller: User, lines: list[Transaction], share: Decimal) -> None:
    """One message a seller and order, on the site and by mail."""
    first, others = lines[0], len(lines) - 1
    what = f"“{first.title}”" + (f" and {others} more" if others else "")

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if seller.email:
            send(
                kind="commerce/sale",
                to=seller,
                context={
                    "lines": lines,
                    "share": share,
                    "what": what,
                    "model_url": absolute_url(first.thing.get_absolute_url()),
                },
                dedupe_key=f"sale:{order.pk}:{seller.pk}",
            )

    notify(
        user=seller,
        kind=Notification.Kind.SALE,
        title=f"You sold {what}",
        message=f"Your share is {money_text(share)}.",
        link=first.thing.get_absolute_url(),
        mail=mail,
    )
