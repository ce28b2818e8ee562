"""Who may use which coupon now: the one rule behind cart, checkout and paying again."""

from enum import StrEnum

from django.utils.formats import date_format

from commerce.models import Coupon, CouponUse


class Refusal(StrEnum):
    """Why somebody cannot use a coupon."""

    UNKNOWN = "unknown"
    INACTIVE = "inactive"
    EXPIRED = "expired"
    USED_UP = "used_up"
    USED_BY_YOU = "used_by_you"
    NOTHING = "nothing"

    def sentence(self, code: str, coupon: Coupon | None = None) -> str:
        """The reason in words that name the coupon."""
        name = coupon.code if coupon else code
        when = f" on {date_format(coupon.expires_at, 'j F Y')}" if coupon and coupon.expires_at else ""
        return {
            Refusal.UNKNOWN: f"There is no coupon “{name}”.",
            Refusal.INACTIVE: f"The coupon “{name}” is not valid at the moment.",
            Refusal.EXPIRED: f"The coupon “{name}” expired{when}.",
            Refusal.USED_UP: f"The coupon “{name}” has been used as often as it may be.",
            Refusal.USED_BY_YOU: f"You have used the coupon “{name}” already.",
            Refusal.NOTHING: f"There is nothing that the coupon “{name}” could take off.",
        }[self]


def refusal(coupon: Coupon | None, user) -> Refusal | None:
    """Why `user` cannot use `coupon`; None where they can.

    A use that an unpaid order of theirs holds does not stand against it: placing an order gives that one up first.
    """
    if coupon is None:
        return Refusal.UNKNOWN
    if not coupon.is_active:
        return Refusal.INACTIVE
    if coupon.is_expired:
        return Refusal.EXPIRED
    own = (
        CouponUse.objects.of_user(user).filter(coupon=coupon)
        if user.is_authenticated
        else CouponUse.objects.none()
    )
    if own.used().exists():
        return Refusal.USED_BY_YOU
    if not coupon.has_room(besides=own.reserved().count() if coupon.max_uses else 0):
        return Refusal.USED_UP
    return None


def find(code: str) -> Coupon | None:
    return Coupon.objects.with_code(code).first() if code else None


def lock(code: str) -> Coupon | None:
    """The coupon, whose uses nobody else takes or gives back until the transaction ends."""
    return Coupon.objects.with_code(code).select_for_update(no_key=True).first() if code else None


def take_back(order) -> str:
    """Reserve again what an order had released, where it still may be; says why not, or an empty text.

    Whether it has expired or been switched off meanwhile is not asked: the buyer was promised the price. Its limits
    hold in any case.
    """
    use = order.coupon_uses.select_related("coupon").first() if order.coupon_code else None
    if use is None or use.is_counted:
        return ""
    coupon = use.coupon = lock(use.coupon.code)
    others = CouponUse.objects.filter(coupon=coupon, user=use.user_id).counted()
    if others.exists():
        return Refusal.USED_BY_YOU.sentence(coupon.code)
    if not coupon.has_room():
        return Refusal.USED_UP.sentence(coupon.code)
    use.take_back()
    return ""
