"""Comments on posts of communities."""

from django.urls import path

from community.views import comments

_ALL = "community/<int:pk>/posts/<int:post_id>/comments/"
_ONE = f"{_ALL}<int:comment_id>/"

urlpatterns = [
    path(_ALL, comments.views.comments, name="comments"),
    path(_ONE, comments.views.comment, name="comment"),
    path(f"{_ONE}edit/", comments.views.edit_comment, name="edit_comment"),
    path(f"{_ONE}like/", comments.views.like_comment, name="like_comment"),
    path(f"{_ONE}removal/", comments.removal, name="comment_removal"),
]
