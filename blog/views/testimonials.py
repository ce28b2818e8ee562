"""What members say of the site: read by everybody, written by each about as much as they like, once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from blog.actions import testimonials as actions
from blog.forms import TestimonialForm
from blog.models import Testimonial
from core.ratelimit import rate_limited
from core.verbs import wants_deletion

PAGE_SIZE = 24


@require_safe
def index(request):
    """Those that a moderator has approved; signed in, also where one's own stands."""
    said = Testimonial.objects.shown().select_related("author").best_first()
    context = {
        "page": Paginator(said, PAGE_SIZE).get_page(request.GET.get("page")),
        "own": _own(request),
    }
    return render(request, "blog/testimonials.html", context)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@rate_limited("testimonial", limit=10, seconds=3600)
def mine(request):
    """GET: the form. POST: one's own words, read by a moderator before they are shown. DELETE: away with them."""
    if wants_deletion(request):
        actions.withdraw(author=request.user)
        messages.success(request, "Your testimonial was deleted.")
        return redirect("blog:testimonials")
    own = _own(request)
    form = TestimonialForm(request.POST if request.method == "POST" else None, instance=own)
    if request.method == "POST" and form.is_valid():
        actions.submit(author=request.user, **form.cleaned_data)
        messages.success(request, "Thank you. A moderator reads it before it is shown.")
        return redirect("blog:testimonials")
    context = {"form": form, "own": own}
    return render(request, "blog/testimonial_form.html", context, status=422 if form.errors else 200)


def _own(request) -> Testimonial | None:
    if not request.user.is_authenticated:
        return None
    return Testimonial.objects.filter(author=request.user).first()
