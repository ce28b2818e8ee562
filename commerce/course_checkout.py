"""Checking out one course: the same page, form and sums as for a cart."""

from dataclasses import dataclass
from functools import cached_property, partial

from django.urls import reverse

from blog.models import Course
from commerce.actions.course_delivery import why_not
from commerce.actions.course_ordering import order_course
from commerce.basket import Basket
from commerce.checkout_page import CheckoutPage
from commerce.forms import CheckoutForm


@dataclass(frozen=True)
class CourseLine:
    """A course in place of a cart's line."""

    model: Course
    problem: str
    saved_for_later: bool = False


class CourseBasket(Basket):
    """One course, and the coupon that the session keeps."""

    def __init__(self, request, course: Course):
        self.course = course
        super().__init__(request)

    def cart_lines(self) -> list[CourseLine]:
        return [CourseLine(self.course, why_not(self.course, self.request.user) or None)]

    @cached_property
    def problem(self) -> str:
        """Why it cannot be bought; empty where it can."""
        return self.lines[0].problem or ""


class CourseCheckoutForm(CheckoutForm):
    """Without licences, which a course has none of."""

    def __init__(self, *args, url: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["terms"].label = "I accept the terms."
        self.fields["terms"].help_text = CheckoutForm.TERMS_ALONE
        if "country" in self.fields:
            self.fields["country"].widget.attrs["hx-post"] = url


class CourseCheckoutPage(CheckoutPage):
    """One request for the page of a course; `order` is what it has placed."""

    back_label, what = "Back to the course", "1 course"

    def __init__(self, request, course: Course):
        self.course = course
        self.url = reverse("commerce:buy_course", args=[course.slug])
        self.back_url = course.get_absolute_url()
        self.basket_of = partial(CourseBasket, course=course)
        self.form_class = partial(CourseCheckoutForm, url=self.url)
        self.place = partial(order_course, course=course)
        super().__init__(request)
