"""Buying a course."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from blog.models import Course
from commerce.course_checkout import CourseCheckoutPage
from commerce.views.checkout import checkout_answer, order_of_key
from core.ratelimit import rate_limited


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("checkout", limit=300, seconds=600)
def buy(request, slug: str):
    """The checkout of one course; who cannot buy it is led to its page and told why."""
    seen = Course.objects.visible_to(request.user).select_related("instructor")
    course = get_object_or_404(seen, slug=slug)
    known = order_of_key(request) if request.method == "POST" else None
    page = CourseCheckoutPage(request, course) if known is None else None
    if page is not None and page.basket.problem:
        messages.info(request, page.basket.problem)
        return redirect(course)
    return checkout_answer(request, page, known)
