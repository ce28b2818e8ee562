"""Posts under /community/<id>/posts/."""

from django.urls import path

from community.views import browsing
from community.views.posts import changing, reading

_ONE = "<int:post_id>/"

urlpatterns = [
    path("", browsing.posts, name="posts"),
    path(_ONE, reading.post, name="post"),
    path(f"{_ONE}edit/", changing.edit, name="edit_post"),
    path(f"{_ONE}history/", reading.history, name="post_history"),
    path(f"{_ONE}pictures/<uuid:picture_id>/", reading.picture, name="post_picture"),
    path(f"{_ONE}reaction/", changing.reaction, name="react"),
    path(f"{_ONE}share/", changing.share, name="share_post"),
    path(f"{_ONE}pin/", changing.pin, name="pin_post"),
    path(f"{_ONE}removal/", changing.removal, name="post_removal"),
]
