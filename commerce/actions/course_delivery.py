"""Courses handed over when they are paid; only inside the transaction that settles the order."""

from django.utils import timezone

from accounts.models import User
from blog.actions.enrollments import grant
from blog.models import Course
from commerce.actions.counting import count_for_people
from commerce.actions.telling import tell_later
from commerce.ledger.sales import post_sales
from commerce.models import Order, Payment, Purchase, Transaction
from commerce.money import round_money
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
    count_for_people(line.buyer_id, 1, {line.seller_id: 1} if line.amount else {})
    tell_later(order)
    return []


def changes_of_course(order: Order, line: Transaction) -> tuple[list[str], list[Course]]:
    """What is different about the course since it was ordered, one sentence each; and the course, locked."""
    course = lock_course(line.course_id)
    changes = [why] if (why := why_not(course, order.buyer)) else []
    if not changes and round_money(course.price) != line.list_amount:
        changes.append(f"“{course.title}” costs {money_text(round_money(course.price))} now.")
    return changes, [course]


def _has(buyer_id: int, course: Course) -> bool:
    owned = Purchase.objects.active().filter(user=buyer_id, course=course)
    return owned.exists() or course.enrollments.open().filter(user=buyer_id).exists()
