"""Videos are larger than any other form's files: where they are sent, and by whom, a form may have more bytes."""

from django.conf import settings
from django.urls import Resolver404, resolve

PAGES = {"blog_lesson_add", "blog_lesson_change"}


def room_for_videos(request) -> int:
    """For `core.uploadhandlers`: the bytes of a video, on the console's page of a lesson, for who writes lessons."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return 0
    if match.namespace != "admin" or match.url_name not in PAGES:
        return 0
    user = request.user
    writes = user.is_active and user.is_staff and user.has_perm("blog.change_lesson")
    return settings.COURSE_VIDEO_BYTES if writes else 0
