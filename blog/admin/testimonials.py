"""What members say of the site, before moderators: read, then shown or not, some of it on the front page."""

from functools import partial

from django import forms
from django.contrib import admin
from django.shortcuts import get_object_or_404
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from blog.actions import testimonials
from blog.exceptions import BlogError
from blog.models import Testimonial
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, do_and_say

EXCERPT = 80
# To the microsecond, in UTC.
SEEN = "%Y-%m-%dT%H:%M:%S.%f%z"
COLOURS = {"Waiting": "info", "Shown": "success", "Rejected": "warning"}


class DecisionForm(BaseDialogForm):
    """Carries which wording is decided about: another one that comes meanwhile waits for its own decision."""

    words = forms.CharField(
        label="The words", disabled=True, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5})
    )
    seen = forms.DateTimeField(widget=forms.HiddenInput, input_formats=[SEEN])

    def __init__(self, request, object_id=None, *args, **kwargs) -> None:
        super().__init__(request, object_id, *args, **kwargs)
        said = Testimonial.objects.filter(pk=object_id).first()
        if said is not None:
            self.initial |= {"words": said.text, "seen": said.submitted_at.strftime(SEEN)}


class RejectForm(DecisionForm):
    reason = forms.CharField(
        label="Why? Its author reads this.",
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


@admin.register(Testimonial)
class TestimonialAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    list_display = ["excerpt", "author", "rating", "buyer", "state", "is_featured", "submitted_at"]
    list_filter = ["status", "is_featured", "rating"]
    list_select_related = ["author"]
    search_fields = ["author__username", "text", "company"]
    ordering = ["-submitted_at", "-pk"]
    fields = [
        *("author", "buyer", "company", "rating", "text", "state", "is_featured", "reason", "submitted_at"),
        *("decided_at", "decided_by"),
    ]
    readonly_fields = ["buyer", "state", "is_featured", "reason", "submitted_at", "decided_at", "decided_by"]
    actions_detail = ["approve", "reject", "feature", "unfeature"]

    @display(description="Words")
    def excerpt(self, said):
        return said.text if len(said.text) <= EXCERPT else f"{said.text[: EXCERPT - 1]}…"

    @display(description="Has bought here", boolean=True)
    def buyer(self, said):
        return said.is_verified

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, said):
        return said.get_status_display()

    def has_moderate_permission(self, request, obj=None):
        return request.user.has_perm("blog.moderate_testimonial")

    def useless_actions(self, said):
        if said.is_waiting:
            return {"feature", "unfeature"}
        if said.is_rejected:
            return {"reject", "feature", "unfeature"}
        return {"approve", "feature" if said.is_featured else "unfeature"}

    @action(
        description="Show",
        permissions=["moderate"],
        icon="visibility",
        dialog={
            "title": "Show these words?",
            "description": "Everybody reads them, with their author's name.",
            "form_class": DecisionForm,
            "form_submit_text": "Show",
        },
    )
    def approve(self, request, form, object_id):
        return self._do(request, form, object_id, testimonials.approve, "It is shown.")

    @action(
        description="Do not show",
        permissions=["moderate"],
        icon="visibility_off",
        dialog={
            "title": "Do not show these words?",
            "description": "Their author may send others.",
            "form_class": RejectForm,
            "form_submit_text": "Do not show",
        },
    )
    def reject(self, request, form, object_id):
        reason = form.cleaned_data["reason"]
        return self._do(request, form, object_id, testimonials.reject, "It is not shown.", reason=reason)

    @action(
        description="Put on the front page",
        permissions=["moderate"],
        icon="star",
        dialog={
            "title": "Put these words on the front page?",
            "description": "A few of those that are chosen so stand there, the newest first.",
            "form_class": DecisionForm,
            "form_submit_text": "Put on the front page",
        },
    )
    def feature(self, request, form, object_id):
        call = testimonials.set_featured
        return self._do(request, form, object_id, call, "It stands on the front page.", featured=True)

    @action(
        description="Take off the front page",
        permissions=["moderate"],
        icon="star_half",
        dialog={
            "title": "Take these words off the front page?",
            "description": "They stay on the page of testimonials.",
            "form_class": DecisionForm,
            "form_submit_text": "Take off",
        },
    )
    def unfeature(self, request, form, object_id):
        call = testimonials.set_featured
        return self._do(request, form, object_id, call, "It is off the front page.", featured=False)

    def _do(self, request, form, object_id, call, done: str, **options):
        said = get_object_or_404(Testimonial, pk=object_id)
        said.submitted_at = form.cleaned_data["seen"]
        act = partial(call, testimonial=said, by=request.user, **options)
        return do_and_say(request, self.opts, object_id, act, done, refused=BlogError)
