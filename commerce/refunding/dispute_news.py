"""What sellers and buyer are told of a dispute, in every state, in the caller's transaction."""

from collections import defaultdict

from django.urls import reverse

from accounts.models import Notification, User
from accounts.notifications import notify
from commerce.models import Dispute, Payment, Refund
from commerce.purposes import purpose_of
from core.addresses import absolute_url
from core.mail import send
from core.templatetags.core_tags import money_text


def tell_of_dispute(dispute: Dispute) -> None:
    """One message a person; nobody but the seller is told what a share is."""
    shares = dispute.shares.filter(transaction__isnull=False).select_related("transaction__seller")
    shares = list(shares.order_by("pk"))
    by_seller: dict[int, list[Refund]] = defaultdict(list)
    for share in shares:
        by_seller[share.transaction.seller_id].append(share)
    for seller_id in sorted(by_seller):
        own = by_seller[seller_id]
        amount = money_text(sum(share.seller_amount for share in own))
        titles = ", ".join(f"“{share.transaction.title}”" for share in own)
        title, text = _for_seller(dispute, titles, amount)
        _tell(dispute, own[0].transaction.seller, title, text, reverse("commerce:refunds"))
    title, text = _for_payer(dispute, is_sale=bool(shares))
    is_order = dispute.payment.purpose == Payment.Purpose.ORDER
    page = (
        reverse("commerce:purchases") if is_order else purpose_of(dispute.payment).return_url(dispute.payment)
    )
    _tell(dispute, dispute.payment.payer, title, text, page)


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


# What becomes of what was paid for, by how far the dispute is.
_SALE = {
    Dispute.Status.OPENED: "Until your bank has decided, what it paid for cannot be downloaded.",
    Dispute.Status.WON: "The payment stands, and what it paid for is yours again.",
    Dispute.Status.LOST: "What it paid for has left your library, and its licence has ended.",
}
_BOUNTY = {
    Dispute.Status.OPENED: (
        "Until your bank has decided, your bounty stands still: nobody can be chosen, and nothing is sent back."
    ),
    Dispute.Status.WON: "The payment stands, and your bounty goes on; it was given back the time it stood still.",
    Dispute.Status.LOST: "The budget of your bounty is with you again, and the bounty has ended.",
}
_PLAN = {
    Dispute.Status.OPENED: "Your plan stays until your bank has decided; your card is not charged meanwhile.",
    Dispute.Status.WON: "The payment stands, and your plan goes on.",
    Dispute.Status.LOST: "The time with your plan that it paid for has ended.",
}


def _for_payer(dispute: Dispute, *, is_sale: bool) -> tuple[str, str]:
    amount = money_text(dispute.amount)
    purpose = Payment.Purpose.ORDER if is_sale else dispute.payment.purpose
    what = {Payment.Purpose.BOUNTY: _BOUNTY, Payment.Purpose.SUBSCRIPTION: _PLAN}.get(purpose, _SALE)
    text = what[dispute.status]
    match dispute.status:
        case Dispute.Status.OPENED:
            mistaken = " If this was a mistake, tell your bank."
            return f"You contest a payment of {amount} at your bank", text + mistaken
        case Dispute.Status.WON:
            return f"Your bank has decided on {amount}", text
    return f"Your bank has taken {amount} back", text


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
