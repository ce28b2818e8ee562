"""Comments on posts in the console."""

from django.contrib import admin

from blog.actions import comments
from blog.models import BlogComment
from marketplace.admin.comments import CommentAdmin


@admin.register(BlogComment)
class BlogCommentAdmin(CommentAdmin):
    discussion = comments.discussion
    moderates = "blog.change_blogcomment"
    search_fields = [*CommentAdmin.search_fields, "post__title"]
    search_help_text = "Its words, its author's name, the post's title"
