"""Posts of communities in the console: to read; moderators take them down and put them back."""

from django.contrib import admin, messages
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display

from community.actions import posts
from community.exceptions import CommunityRefused
from community.models import CommunityPost
from core.admin import ReadOnlyAdmin, UsefulActionsMixin, back_to
from core.desk import NEWEST_FIRST
from marketplace.admin.comments import STATES, TakeDownForm


@admin.register(CommunityPost)
class CommunityPostAdmin(UsefulActionsMixin, ReadOnlyAdmin):
    """One that its author has deleted has no words any more, and comes back by nobody."""

    list_display = ["title", "author", "community", "state", "comments_count", "created_at"]
    list_filter = [*STATES, ("pinned_at", admin.EmptyFieldListFilter)]
    list_select_related = ["author", "community"]
    search_fields = ["author__username", "community__name"]
    search_help_text = "Its author's name, or the community's"
    ordering = NEWEST_FIRST
    fields = ["author", "community", "state", "body", "removal_reason", "removed_by", "created_at", "on_site"]
    readonly_fields = ["state", "on_site"]
    actions_detail = ["take_down", "put_back"]

    @display(
        description="State",
        label={"Shown": "success", "Taken down": "danger", "Deleted by its author": "info"},
    )
    def state(self, post):
        if post.is_removed:
            return "Taken down"
        return "Shown" if post.is_standing else "Deleted by its author"

    @display(description="On the site")
    def on_site(self, post):
        return format_html('<a href="{}">Look at it</a>', post.get_absolute_url())

    def has_moderate_permission(self, request, obj=None):
        return request.user.has_perm("community.moderate_community")

    def useless_actions(self, post):
        if post.is_removed:
            return {"take_down"}
        return {"put_back"} if post.is_standing else {"take_down", "put_back"}

    @action(
        description="Take down",
        permissions=["moderate"],
        icon="visibility_off",
        dialog={
            "title": "Take this post down?",
            "description": "Nobody but its author and those who moderate sees it any more. It can be put back.",
            "form_class": TakeDownForm,
            "form_submit_text": "Take down",
        },
    )
    def take_down(self, request, form, object_id):
        reason = form.cleaned_data["reason"]
        return self._do(request, object_id, posts.take_down, "The post is taken down.", reason=reason)

    @action(
        description="Put back",
        permissions=["moderate"],
        icon="visibility",
        dialog={
            "title": "Put this post back?",
            "description": "It stands again where it stood.",
            "form_class": None,
            "form_submit_text": "Put back",
        },
    )
    def put_back(self, request, form, object_id):
        return self._do(request, object_id, posts.put_back, "The post is there again.")

    def _do(self, request, object_id, deed, done: str, **options):
        post = self.get_object(request, object_id)
        if post is None:
            raise Http404
        try:
            if deed(post=post, by=request.user, **options):
                messages.success(request, done)
            else:
                messages.warning(request, "Somebody else was faster; it is as you see it here.")
        except CommunityRefused as error:
            messages.error(request, str(error))
        return back_to(request, reverse("admin:community_communitypost_change", args=[object_id]))
