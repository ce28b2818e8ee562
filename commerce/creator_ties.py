"""What of trade makes somebody a creator: see `accounts.creator_ties`."""

from accounts.models import User
from blog.models import Course
from commerce.models import Transaction

Status = Transaction.PaymentStatus


def has_sold(user: User) -> str:
    """Also what has gone back: their books, payouts and statements are pages for creators."""
    sold = Transaction.objects.filter(seller=user, payment_status__in=[Status.COMPLETED, Status.REFUNDED])
    return "has sold something" if sold.exists() else ""


def teaches_for_money(user: User) -> str:
    courses = Course.objects.filter(instructor=user, price__gt=0)
    return "teaches a course that costs something" if courses.exists() else ""
