"""Courses handed over when they are paid; only inside the transaction that settles the order."""

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from blog.actions.enrollments import grant
from blog.models import Course
from commerce import coupons
from commerce.actions.telling import tell_later
from commerce.exceptions import CheckoutChanged
from commerce.ledger.sales import post_sales
from commerce.models import Order, Payment, Purchase, Transaction
from commerce.money import round_money
from commerce.quoting import Shown, quote
from core.templatetags.core_tags import money_text


def why_not(course: Course, buyer: User) -> str:
    """Why `buyer` cannot buy the course now, as a sentence; empty where they can."""
    if course.instructor_id == buyer.pk:
        return "This is your own course."
    if course.enrollments.open().filter(user=buyer).exists():
        return "You take this course already."
    if Purchase.objects.of_user(buyer).active().filter(course=course).exists():
        return "You have bought this course; its money is on its way back."
    if not course.is_for_sale:
        return f"“{course.title}” is not for sale at the moment."
    return ""


def lock_course(course_id: int) -> Course:
    """Nobody changes its price, takes it back or takes it for nothing until the transaction ends."""
    rows = Course.objects.select_related("instructor").select_for_update(no_key=True, of=("self",))
    return rows.get(pk=course_id)


def deliver_course(order: Order, line: Transaction, payment: Payment | None) -> list[Transaction]:
    """Complete the order of a course, as `commerce.actions.delivery.deliver` does one of models, under the same locks.

    Returns the line where the buyer takes the course already: then the order is not completed.
    """
    now = timezone.now()
    course = lock_course(line.course_id)
    if _has(order.buyer_id, course):
        return [line]
    if payment is not None and line.gross_amount:
        line.payment_method = payment.method
    line.payment_status, line.completed_at = Transaction.PaymentStatus.COMPLETED, now
    line.save(update_fields=["payment_method", "payment_status", "completed_at", "updated_at"])
    Purchase.objects.create(user=order.buyer, course=course, transaction=line)
    grant(course=course, user=order.buyer)
    order.complete(now)
    if payment is not None:
        post_sales([line], payment, now)
    _count_for_people(line)
    tell_later(order)
    return []


def hold_course_unchanged(order: Order, line: Transaction) -> None:
    """As `commerce.actions.unchanged.hold_unchanged`, of a course: its row and the coupon are held.

    Raises:
        CheckoutChanged: naming every difference.
    """
    coupon = coupons.lock(order.coupon_code)
    course = lock_course(line.course_id)
    changes = [why] if (why := why_not(course, order.buyer)) else []
    if not changes and round_money(course.price) != line.list_amount:
        changes.append(f"“{course.title}” costs {money_text(round_money(course.price))} now.")
    why = coupons.refusal(coupon, order.buyer) if order.coupon_code else None
    if why is not None:
        changes.append(why.sentence(order.coupon_code, coupon))
    if not changes:
        now = quote(models=[course], coupon=coupon, country=order.billing_country)
        changes = Shown(discount=order.discount_amount, tax=order.tax_amount, total=order.total).changes(now)
        problem = coupons.take_back(order)
        changes += [problem] if problem else []
    if changes:
        raise CheckoutChanged(changes)


def _has(buyer_id: int, course: Course) -> bool:
    owned = Purchase.objects.active().filter(user=buyer_id, course=course)
    return owned.exists() or course.enrollments.open().filter(user=buyer_id).exists()


def _count_for_people(line: Transaction) -> None:
    """By ascending id: people who buy from each other at once never wait for each other."""
    for person_id in sorted({line.buyer_id, line.seller_id}):
        User.objects.filter(pk=person_id).update(
            purchases_count=F("purchases_count") + int(person_id == line.buyer_id),
            total_sales=F("total_sales") + int(person_id == line.seller_id and line.amount > 0),
        )
