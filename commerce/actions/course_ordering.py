"""Ordering a course, by itself: a cart holds models alone."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from blog.models import Course
from commerce.actions.course_delivery import lock_course, why_not
from commerce.actions.placing import Goods, place, standing_orders
from commerce.models import Order
from commerce.money import round_money
from commerce.quoting import Shown
from core.templatetags.core_tags import money_text


@dataclass(frozen=True)
class OneCourse(Goods):
    course: Course

    name, beginning = "course", "the course"
    standing = standing_orders(lambda lines, things: lines.filter(course__among=things))

    def ids(self, shown: Shown) -> list[int]:
        return [self.course.pk]

    def wanted(self, shown: Shown) -> Q:
        return Q(transactions__course=self.course)

    def lock(self, buyer: User, shown: Shown) -> tuple[list[str], list[Course]]:
        course = lock_course(self.course.pk)
        changes = [why] if (why := why_not(course, buyer)) else []
        price = round_money(course.price)
        if not changes and shown.prices != {course.pk: price}:
            changes.append(f"“{course.title}” costs {money_text(price)} now.")
        return changes, [course]

    def described(self, thing: Course) -> dict:
        return {"seller_id": thing.instructor_id, "course": thing, "title": thing.title}


def order_course(*, course: Course, **how) -> Order:
    """Order one course; see `commerce.actions.placing.place`."""
    return place(OneCourse(course), **how)
