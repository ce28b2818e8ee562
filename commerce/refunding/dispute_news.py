"""What sellers and buyer are told of a dispute, in every state, in the caller's transaction."""

from collections import defaultdict

from django.urls import reverse

from accounts.models import Notification, User
from accounts.notifications import notify
from commerce.models import Dispute, Refund
from core.addresses import absolute_url
from core.mail import send
from core.templatetags.core_tags import money_text


def tell_of_dispute(dispute: Dispute) -> None:
    """One message a person; nobody but the seller is told what a share is."""
    shares = list(dispute.shares.select_related("transaction__seller").order_by("pk"))
    by_seller: dict[int, list[Refund]] = defaultdict(list)
    for share in shares:
        by_seller[share.transaction.seller_id].append(share)
    for seller_id in sorted(by_seller):
        own = by_seller[seller_id]
        amount = money_text(sum(share.seller_amount for share in own))
        titles = ", ".join(f"“{share.transaction.title}”" for share in own)
        title, text = _for_seller(dispute, titles, amount)
        _tell(dispute, own[0].transaction.seller, title, text, reverse("commerce:refunds"))
    title, text = _for_payer(dispute)
    _tell(dispute, dispute.payment.payer, title, text, reverse("commerce:purchases"))


def _for_seller(dispute: Dispute, titles: str, amount: str) -> tuple[str, str]:
    match dispute.status:
        case Dispute.Status.OPENED:
            return (
                "A buyer contests a payment at their bank",
                f"It is about {titles}. Until the bank has decided, {amount} of your balance is held back."
                " You need not do anything: we hand over what speaks for you.",
            )
        case Dispute.Status.WON:
            return (
                "The bank has decided for you",
                f"It was about {titles}. {amount} is released to your balance.",
            )
    return (
        "The bank has decided for the buyer",
        f"It was about {titles}. {amount} was taken off what was held back, and the buyer's licence has ended.",
    )


def _for_payer(dispute: Dispute) -> tuple[str, str]:
    amount = money_text(dispute.amount)
    match dispute.status:
        case Dispute.Status.OPENED:
            return (
                f"You contest a payment of {amount} at your bank",
                "Until your bank has decided, what it paid for cannot be downloaded. If this was a mistake, tell"
                " your bank.",
            )
        case Dispute.Status.WON:
            return (
                f"Your bank has decided on {amount}",
                "The payment stands, and what it paid for is yours again.",
            )
    return (
        f"Your bank has taken {amount} back",
        "What it paid for has left your library, and its licence has ended.",
    )


def _tell(dispute: Dispute, person: User, title: str, text: str, page: str) -> None:
    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if person.email:
            send(
                kind="commerce/dispute",
                to=person,
                context={"dispute": dispute, "title": title, "text": text, "page_url": absolute_url(page)},
                dedupe_key=f"dispute:{dispute.pk}:{dispute.status}:{person.pk}",
            )

    notify(user=person, kind=Notification.Kind.REFUND, title=title, message=text, link=page, mail=mail)
