"""What sellers are told about their payouts, in the transaction that it happens in."""

from django.urls import reverse

from accounts.models import Notification, User
from accounts.notifications import notify
from commerce.models import Payout, PayoutDetails
from core.addresses import absolute_url
from core.mail import send
from core.templatetags.core_tags import money_text

# Of a payout in this state: the title, and what follows from it. `amount` and `to` stand for themselves.
SENTENCES = {
    Payout.Status.REQUESTED: (
        "You requested a payout of {amount}",
        "It goes to {to} once it has been approved. If that was not you, cancel it and change your password.",
    ),
    Payout.Status.APPROVED: (
        "Your payout of {amount} was approved",
        "It goes to {to} with the next batch that we send.",
    ),
    Payout.Status.PAID: (
        "Your payout of {amount} was paid",
        "It was sent to {to}. Banks take up to five working days.",
    ),
    Payout.Status.RETURNED: (
        "Your payout of {amount} came back",
        "It could not be paid to {to}. The money is in your balance again: look at your payout details before you"
        " request it once more.",
    ),
    Payout.Status.DECLINED: (
        "Your payout of {amount} was declined",
        "The money is in your balance again.",
    ),
    Payout.Status.CANCELLED: (
        "You cancelled your payout of {amount}",
        "The money is in your balance again.",
    ),
}


def tell_of_payout(payout: Payout) -> None:
    """The state it is in now, on the site and by mail: it is their money."""
    title, message = (
        sentence.format(amount=money_text(payout.amount), to=payout.destination)
        for sentence in SENTENCES[payout.status]
    )
    reason = payout.end_reason

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if payout.seller.email:
            send(
                kind="commerce/payout",
                to=payout.seller,
                context={
                    "payout": payout,
                    "title": title,
                    "message": message,
                    "reason": reason,
                    "payout_url": absolute_url(payout.get_absolute_url()),
                },
                dedupe_key=f"payout:{payout.pk}:{payout.status}",
            )

    notify(
        user=payout.seller,
        kind=Notification.Kind.PAYOUT,
        title=title,
        message=f"{reason} {message}" if reason else message,
        link=payout.get_absolute_url(),
        mail=mail,
    )


def tell_of_details(user: User, details: PayoutDetails | None) -> None:
    """Payouts go elsewhere from now on, or nowhere: who did not do that has to hear of it."""
    address = reverse("commerce:payout_details")

    def mail():
        if user.email:
            context = {"details": details, "url": absolute_url(address)}
            send(kind="commerce/payout_details", to=user, context=context)

    notify(
        user=user,
        kind=Notification.Kind.ACCOUNT,
        title="Your payout details were changed" if details else "Your payout details were removed",
        message="If that was not you, change your password at once and write to us.",
        link=address,
        mail=mail,
    )
