"""Comments on posts of communities in the console; those who run a community have a page of their own for it."""

from django.contrib import admin

from community.actions import comments
from community.models import PostComment
from marketplace.admin.comments import CommentAdmin


@admin.register(PostComment)
class PostCommentAdmin(CommentAdmin):
    discussion = comments.discussion
    moderates = "community.moderate_community"
    search_fields = [*CommentAdmin.search_fields, "post__community__name"]
    search_help_text = "Its words, its author's name, the community's name"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("post__community")
