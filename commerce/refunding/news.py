"""What buyer and seller are told of a refund, in every state: on the site and by mail, in the caller's transaction."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Notification, User
from accounts.notifications import notify
from commerce.models import Refund
from core.addresses import absolute_url
from core.mail import send
from core.templatetags.core_tags import money_text

Status = Refund.Status


@dataclass(frozen=True)
class _Message:
    title: str
    text: str


def tell(refund: Refund) -> None:
    """Tell both of the state that the refund has now; each state once."""
    if refund.kind == Refund.Kind.CHARGEBACK:
        # The dispute is told of, see `commerce.disputing.news`.
        return
    payer = refund.payment.payer
    if refund.transaction is None:
        is_plan = refund.kind == Refund.Kind.PLAN
        message = _for_payer_of_plan(refund) if is_plan else _for_payer_of_due(refund)
        _tell(refund, payer, message, reverse("commerce:plan" if is_plan else "commerce:purchases"))
        return
    _tell(refund, payer, _for_buyer(refund), refund.get_absolute_url())
    seller_page = reverse("commerce:seller_refund", args=[refund.public_id])
    _tell(refund, refund.transaction.seller, _for_seller(refund), seller_page)


def _for_buyer(refund: Refund) -> _Message | None:
    title, back = f"“{refund.transaction.title}”", money_text(refund.gross)
    match refund.status:
        case Status.REQUESTED if refund.awaits_seller:
            return _Message(
                f"You asked for a refund of {title}",
                f"The seller has until {_moment(refund.answer_by)} to answer. After that, support decides.",
            )
        case Status.REQUESTED:
            return _Message(
                f"Support decides on your refund of {title}",
                f"{_seller_said(refund)} You hear from us by {_moment(refund.decide_by)}.",
            )
        case Status.APPROVED if refund.sending_number > 1 or refund.completions:
            return _Message(
                f"Your refund of {title} is sent again", f"{back} is on its way to you once more."
            )
        case Status.APPROVED:
            return _Message(
                f"Your refund of {title} is approved",
                f"{_why(refund)}{back} goes back the way you paid. How long that takes depends on your bank.",
            )
        case Status.COMPLETED:
            ending = _ending(refund)
            return _Message(f"{back} was refunded for {title}", f"It has gone back the way you paid.{ending}")
        case Status.FAILED:
            return _Message(
                f"Your refund of {title} could not be sent",
                f"{back} has not reached you. We look into it; what you bought stays yours until it has.",
            )
        case Status.CANCELLED:
            return _Message(
                f"The refund of {title} was taken back", refund.decision_text or "Nothing changes."
            )
        case Status.DECLINED:
            return _Message(f"Your refund of {title} was declined", f"Support says: {refund.decision_text}")
    return None


def _for_seller(refund: Refund) -> _Message | None:
    title, share = f"“{refund.transaction.title}”", money_text(refund.seller_amount)
    match refund.status:
        case Status.REQUESTED if refund.awaits_seller:
            return _Message(
                f"A buyer asks for a refund of {title}",
                f"Answer until {_moment(refund.answer_by)}; after that, support decides.",
            )
        case Status.REQUESTED:
            return _Message(f"Support decides on a refund of {title}", _seller_said(refund, you=True))
        case Status.APPROVED:
            return _Message(
                f"A refund of {title} was approved",
                f"{_why(refund)}Once it has been sent, your share of it, {share}, is taken off your balance.",
            )
        case Status.COMPLETED:
            return _Message(
                f"{title} was refunded",
                f"{money_text(refund.gross)} went back to the buyer; {share} was taken off your balance,"
                f" and {money_text(refund.fee_amount)} of our fee was given back as well.",
            )
        case Status.FAILED:
            return _Message(f"A refund of {title} could not be sent", "Nothing was taken off your balance.")
        case Status.CANCELLED:
            return _Message(f"The refund of {title} was taken back", "Nothing changes for you.")
        case Status.DECLINED:
            return _Message(f"A refund of {title} was declined", f"Support says: {refund.decision_text}")
    return None


def _for_payer_of_due(refund: Refund) -> _Message | None:
    back = money_text(refund.gross)
    match refund.status:
        case Status.APPROVED:
            return _Message(f"We send {back} back to you", refund.text)
        case Status.COMPLETED:
            return _Message(f"{back} was sent back to you", "It has gone back the way you paid.")
        case Status.FAILED:
            return _Message(f"{back} could not be sent back to you", "It stays yours. We look into it.")
    return None


def _for_payer_of_plan(refund: Refund) -> _Message | None:
    back = money_text(refund.gross)
    then = "Your plan ends with that." if refund.ends_plan else "Your plan goes on."
    match refund.status:
        case Status.APPROVED:
            return _Message(
                f"We give back {back} of what you paid for your plan",
                f"Support says: {refund.decision_text} It goes back the way you paid. {then}",
            )
        case Status.COMPLETED:
            return _Message(f"{back} of your plan was refunded", f"It has gone back the way you paid. {then}")
        case Status.FAILED:
            return _Message(
                f"{back} of your plan could not be sent back",
                "We look into it; nothing about your plan changes until it has reached you.",
            )
        case Status.CANCELLED:
            return _Message(f"The refund of {back} of your plan was taken back", refund.decision_text)
    return None


def _tell(refund: Refund, person: User, message: _Message | None, page: str) -> None:
    if message is None:
        return
    state = f"{refund.status}-{bool(refund.escalated_at)}-{refund.sending_number}-{refund.completions}"

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if person.email:
            send(
                kind="commerce/refund",
                to=person,
                context={"refund": refund, "message": message, "page_url": absolute_url(page)},
                dedupe_key=f"refund:{refund.pk}:{state}:{refund.attempts}:{person.pk}",
            )

    notify(
        user=person,
        kind=Notification.Kind.REFUND,
        title=message.title,
        message=message.text,
        link=page,
        mail=mail,
    )


def _why(refund: Refund) -> str:
    """The reason of an approval, as sentences with a space behind."""
    if refund.grounds == Refund.Grounds.NEVER_DOWNLOADED:
        is_course = refund.transaction.course_id is not None
        return "No lesson of it was opened. " if is_course else "It was never downloaded. "
    if refund.grounds == Refund.Grounds.CONTRADICTED:
        return "What we measured of the file contradicts what its page said. "
    if refund.decision_text:
        return f"Support says: {refund.decision_text} "
    if refund.answer in (Refund.Answer.ACCEPTED, Refund.Answer.PARTLY):
        return (
            "The seller agrees. "
            if refund.answer == Refund.Answer.ACCEPTED
            else "The seller agrees in part. "
        )
    return ""


def _seller_said(refund: Refund, *, you: bool = False) -> str:
    match refund.answer:
        case Refund.Answer.REFUSED:
            # In their own words on its page, and there alone.
            return "You have refused it." if you else "The seller has refused it."
        case Refund.Answer.NONE:
            return "You have not answered in time." if you else "The seller has not answered in time."
    return "It was decided on before, so you are not asked again." if you else "Nobody else has to be asked."


def _ending(refund: Refund) -> str:
    """What the buyer has no more, as a sentence with a space before; empty where they keep it."""
    if not _is_whole(refund):
        return ""
    if refund.transaction.course_id is not None:
        return " The course does not open any more."
    return " The model has left your library, and its licence has ended."


def _is_whole(refund: Refund) -> bool:
    return not refund.transaction.is_completed


def _moment(at) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i T")
