"""Reviews in the console: to read; moderators hide and restore them."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from commerce.actions import reviews
from commerce.admin.shared import back_to
from commerce.models import Review
from core.admin import ReadOnlyAdmin, UsefulActionsMixin
from core.desk import NEWEST_FIRST
from core.markdown import plain_text

EXCERPT = 80


class HideForm(BaseDialogForm):
    reason = forms.CharField(
        label="Why? Its writer reads this.",
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


@admin.register(Review)
class ReviewAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    """A review of a refunded purchase counts nowhere, without anybody having hidden it."""

    list_display = ["excerpt", "rating", "author", "model", "state", "helpful", "created_at"]
    list_filter = ["rating", ("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["author", "model"]
    search_fields = ["author__username", "model__title", "body"]
    search_help_text = "Its words, its writer's name, the model's title"
    ordering = NEWEST_FIRST
    actions_detail = ["hide", "restore"]

    @display(description="Review")
    def excerpt(self, review):
        return plain_text(review.body, length=EXCERPT)

    @display(
        description="State",
        ordering="is_counted",
        label={"Shown": "success", "Hidden": "danger", "Refunded": "warning"},
    )
    def state(self, review):
        return "Hidden" if review.is_removed else "Shown" if review.is_counted else "Refunded"

    def has_moderate_permission(self, request, obj=None):
        return request.user.has_perm("commerce.moderate_review")

    def useless_actions(self, review):
        return {"hide"} if review.is_removed else {"restore"}

    @action(
        description="Hide",
        permissions=["moderate"],
        icon="visibility_off",
        dialog={
            "title": "Hide this review?",
            "description": "Nobody sees it any more and its stars do not count. It can be restored.",
            "form_class": HideForm,
            "form_submit_text": "Hide",
        },
    )
    def hide(self, request, form, object_id):
        review = get_object_or_404(Review, pk=object_id)
        reviews.hide(review=review, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "The review is hidden.")
        return back_to(request, reverse("admin:commerce_review_change", args=[object_id]))

    @action(
        description="Restore",
        permissions=["moderate"],
        icon="visibility",
        dialog={
            "title": "Show this review again?",
            "description": "Its stars count again.",
            "form_class": None,
            "form_submit_text": "Restore",
        },
    )
    def restore(self, request, form, object_id):
        reviews.restore(review=get_object_or_404(Review, pk=object_id), by=request.user)
        messages.success(request, "The review is shown again.")
        return back_to(request, reverse("admin:commerce_review_change", args=[object_id]))
