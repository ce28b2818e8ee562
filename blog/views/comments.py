"""The comments of a post."""

from blog.conversation import PostConversation
from blog.views.finding import visible_post
from marketplace.views.commenting import CommentViews

views = CommentViews(PostConversation, find=visible_post)
