"""Comments on bounties in the console."""

from django.contrib import admin

from commerce.actions.bounties import comments
from commerce.models import BountyComment
from marketplace.admin.comments import CommentAdmin


@admin.register(BountyComment)
class BountyCommentAdmin(CommentAdmin):
    discussion = comments.discussion
    moderates = "commerce.moderate_bounty"
    search_fields = [*CommentAdmin.search_fields, "bounty__title"]
    search_help_text = "Its words, its author's name, the bounty's title"
