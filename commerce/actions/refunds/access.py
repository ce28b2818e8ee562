"""Whether a purchase can be used while its money goes back; only under the locks of `locking`."""

from blog.actions import enrollments
from commerce.actions.refunds.locking import Held
from commerce.actions.reviews import follow_purchase
from commerce.models import Purchase


def update_access(held: Held, at) -> int:
    """Take the purchase away where all of its money has gone back; let nobody download while all of it is on its way.

    While it is on its way the purchase is only paused: should the money not arrive, everything is as it was before.
    Returns by how much the number of the buyer's purchases changed.
    """
    purchase, sold = held.purchase, held.sold.gross
    is_gone = held.line.refunds.completed().parts().gross >= sold
    is_going = held.line.refunds.live().parts().gross >= sold
    had = purchase.revoked_at is None
    if is_gone:
        purchase.revoke(at)
    elif not had:
        _bring_back(purchase, paused_at=at if is_going else None)
    elif is_going != (purchase.paused_at is not None):
        purchase.pause(at if is_going else None)
    change = (purchase.revoked_at is None) - had
    if purchase.course_id is not None:
        _follow_course(purchase)
    elif change:
        follow_purchase(purchase=purchase)
    return change


def _follow_course(purchase: Purchase) -> None:
    """The course opens to who has bought it, by this purchase or by another one."""
    owned = Purchase.objects.of_user(purchase.user).downloadable().filter(course=purchase.course)
    enrollments.set_open(course=purchase.course, user=purchase.user, is_open=owned.exists())


def _bring_back(purchase: Purchase, paused_at) -> None:
    """The money came back to us after all. Who has bought it again meanwhile keeps that purchase alone."""
    again = Purchase.objects.active().filter(
        user=purchase.user_id, model=purchase.model_id, course=purchase.course_id
    )
    if not again.exists():
        purchase.restore(paused_at)
