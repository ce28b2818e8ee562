"""Reviews: read by everybody, written by those who have the model, answered by its creator."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.profile import profile_tab
from commerce.actions import reviews as actions
from commerce.exceptions import ReviewRefused
from commerce.models import Purchase, Review
from commerce.review_forms import AnswerForm, ReviewForm
from commerce.review_list import ReceivedReviews, ReviewList
from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.models import Model3D


def _model(request, model_id: int) -> Model3D:
    return get_object_or_404(Model3D.objects.visible_to(request.user).with_card_data(), pk=model_id)


def _review(request, model_id: int, review_id: int) -> Review:
    """One that counts, of a model that they may open."""
    model = _model(request, model_id)
    review = get_object_or_404(model.reviews.counted().with_list_data(), pk=review_id)
    review.model = model
    return review


@require_safe
def reviews(request, model_id: int):
    """All reviews of a model, a page at a time; `sort` orders them, `stars` shows those with so many."""
    asked = {name: request.GET.get(name, "") for name in ("sort", "stars", "page")}
    shown = ReviewList(_model(request, model_id), viewer=request.user, **asked)
    return render(request, "commerce/reviews.html", {"model": shown.model, "reviews": shown})


@require_safe
def review(request, model_id: int, review_id: int):
    """One review by itself: where notifications and links lead."""
    found = _review(request, model_id, review_id)
    shown = ReviewList(found.model, viewer=request.user, only=found)
    return render(request, "commerce/reviews.html", {"model": found.model, "reviews": shown})


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
@rate_limited("review", limit=30, seconds=600)
def own_review(request, purchase_id: uuid.UUID):
    """GET: the form. POST: the review of what one has, or other words for it. DELETE: away with it."""
    owned = Purchase.objects.of_user(request.user).of_models().active().with_library_data()
    purchase = get_object_or_404(owned, public_id=purchase_id)
    written = getattr(purchase, "review", None)
    try:
        actions.check_may_review(purchase)
        if wants_deletion(request):
            return _delete(request, purchase, written)
        if request.method == "POST":
            return _write(request, purchase, written)
    except ReviewRefused as error:
        return _form(request, purchase, written, refusal=error.message, status=403)
    is_hidden = written is not None and written.is_removed
    return _form(request, purchase, written, refusal="It was hidden by the moderators." if is_hidden else "")


def _delete(request, purchase: Purchase, written: Review | None):
    if written is None:
        raise Http404
    actions.delete(review=written)
    messages.success(request, "Your review was deleted.")
    return redirect("commerce:purchases")


def _write(request, purchase: Purchase, written: Review | None):
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _form(request, purchase, written, form=form, status=422)
    saved = actions.write(purchase=purchase, **form.cleaned_data)
    messages.success(request, "Your review is changed." if written else "Thank you for your review.")
    # The page of a model that has left the marketplace is not theirs to see.
    return redirect(saved if saved.model.is_visible_to(request.user) else "commerce:purchases")


def _form(
    request, purchase: Purchase, written: Review | None, *, form=None, refusal: str = "", status: int = 200
):
    if form is None:
        form = ReviewForm(initial={"rating": written.rating, "body": written.body} if written else None)
    context = {"purchase": purchase, "review": written, "form": form, "refusal": refusal}
    return render(request, "commerce/review_form.html", context, status=status)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("like", limit=300, seconds=600)
def helpful(request, model_id: int, review_id: int):
    """POST finds it helpful, DELETE no more; answers with the button where a script asks, else leads back."""
    found = _review(request, model_id, review_id)
    is_helpful = not wants_deletion(request)
    act = actions.find_helpful if is_helpful else actions.find_helpful_no_more
    try:
        act(review=found, by=request.user)
    except ReviewRefused as error:
        is_helpful = False
        messages.error(request, error.message)
    if request.htmx:
        found.refresh_from_db(fields=["helpful"])
        context = {"review": found, "is_found_helpful": is_helpful, "may_vote": True}
        return render(request, "commerce/_review_helpful.html", context)
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
@rate_limited("comment", limit=30, seconds=600)
def answer(request, model_id: int, review_id: int):
    """The creator's answer: GET: the form. POST: the answer, or other words for it. DELETE: away with it."""
    own = Review.objects.counted().filter(creator=request.user, model=model_id)
    found = get_object_or_404(own.with_list_data().select_related("model"), pk=review_id)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"body": found.answer})
    if wants_deletion(request):
        actions.delete_answer(review=found)
        messages.success(request, "Your answer was deleted.")
        return redirect(_back_to(found, request.user))
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(review=found, body=form.cleaned_data["body"])
        except ReviewRefused as error:
            form.add_error(None, error.message)
        else:
            return redirect(_back_to(found, request.user))
    context = {"model": found.model, "review": found, "form": form}
    return render(request, "commerce/review_answer.html", context, status=422 if form.errors else 200)


def _back_to(review: Review, creator) -> str:
    """The review; of a model that its creator has withdrawn, what others said about theirs."""
    if review.model.is_visible_to(creator):
        return review.get_absolute_url()
    return reverse("commerce:profile_reviews", args=[creator.username])


@require_safe
def profile_reviews(request, username: str):
    """What was said about somebody's models; for themselves also what waits for an answer."""

    def context(profile):
        shown = ReceivedReviews(
            profile.person,
            viewer=request.user,
            show=request.GET.get("show", ""),
            page=request.GET.get("page", ""),
        )
        return {"received": shown, "page": shown.page}

    return profile_tab(
        request,
        username,
        name="commerce:profile_reviews",
        template="commerce/profile_reviews.html",
        context=context,
    )
