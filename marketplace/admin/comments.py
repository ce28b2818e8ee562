"""Comments in the console, of every kind: to read; moderators take them down and put them back."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from core.admin import ReadOnlyAdmin, UsefulActionsMixin, back_to
from core.desk import NEWEST_FIRST
from core.markdown import plain_text
from marketplace.actions import comments
from marketplace.commenting import Discussion
from marketplace.exceptions import CommentRefused
from marketplace.models import ModelComment

EXCERPT = 80
# Either kind of question that moderators ask of a list of comments.
STATES = [("removed_at", admin.EmptyFieldListFilter), ("deleted_at", admin.EmptyFieldListFilter)]


class TakeDownForm(BaseDialogForm):
    reason = forms.CharField(
        label="Why? Its author reads this.",
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class CommentAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    """One that its author has deleted is there for its answers alone, and says nothing any more.

    Each app registers a subclass that names its discussion, and the permission of who moderates it.
    """

    discussion: Discussion
    moderates: str

    list_display = ["excerpt", "author", "about", "state", "likes", "created_at"]
    list_filter = STATES
    search_fields = ["author__username", "body"]
    ordering = NEWEST_FIRST
    actions_detail = ["take_down", "put_back"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author", self.discussion.field)

    @display(description="Comment")
    def excerpt(self, comment):
        return plain_text(comment.body, length=EXCERPT) or "–"

    @display(description="On")
    def about(self, comment):
        return plain_text(comment.subject.title, length=EXCERPT)

    @display(
        description="State",
        label={"Shown": "success", "Taken down": "danger", "Deleted by its author": "info"},
    )
    def state(self, comment):
        if comment.is_removed:
            return "Taken down"
        return "Shown" if comment.is_standing else "Deleted by its author"

    def has_moderate_permission(self, request, obj=None):
        return request.user.has_perm(self.moderates)

    def useless_actions(self, comment):
        if comment.is_removed:
            return {"take_down"}
        return {"put_back"} if comment.is_standing else {"take_down", "put_back"}

    @action(
        description="Take down",
        permissions=["moderate"],
        icon="visibility_off",
        dialog={
            "title": "Take this comment down?",
            "description": "Nobody reads it any more; its answers stay. It can be put back.",
            "form_class": TakeDownForm,
            "form_submit_text": "Take down",
        },
    )
    def take_down(self, request, form, object_id):
        reason = form.cleaned_data["reason"]
        return self._do(
            request, object_id, self.discussion.take_down, "The comment is taken down.", reason=reason
        )

    @action(
        description="Put back",
        permissions=["moderate"],
        icon="visibility",
        dialog={
            "title": "Put this comment back?",
            "description": "Everybody who reads the others reads it again.",
            "form_class": None,
            "form_submit_text": "Put back",
        },
    )
    def put_back(self, request, form, object_id):
        return self._do(request, object_id, self.discussion.put_back, "The comment is there again.")

    def _do(self, request, object_id, deed, done: str, **options):
        comment = get_object_or_404(self.get_queryset(request), pk=object_id)
        try:
            if deed(comment=comment, by=request.user, **options):
                messages.success(request, done)
            else:
                messages.warning(request, "Somebody else was faster; it is as you see it here.")
        except CommentRefused as error:
            messages.error(request, str(error))
        return back_to(
            request, reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])
        )


@admin.register(ModelComment)
class ModelCommentAdmin(CommentAdmin):
    discussion = comments.discussion
    moderates = "marketplace.change_modelcomment"
    search_fields = [*CommentAdmin.search_fields, "model__title"]
    search_help_text = "Its words, its author's name, the model's title"
