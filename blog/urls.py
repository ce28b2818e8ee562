from django.urls import path

from blog.views import comments, engagement, feeds, posts, testimonials
from blog.views.courses import courses, lessons

app_name = "blog"

urlpatterns = [
    path("blog/", posts.index, name="posts"),
    # Before the posts: their slugs are kept free of these words.
    path("blog/feed/", feeds.newest, name="feed"),
    path("blog/feed/<slug:category>/", feeds.category, name="category_feed"),
    path("blog/authors/<str:username>/", posts.author, name="author"),
    path("blog/<slug:slug>/", posts.post, name="post"),
    path("blog/<slug:slug>/like/", engagement.like, name="like"),
    path("blog/<slug:slug>/share/", engagement.share, name="share"),
    path("blog/<slug:slug>/comments/", comments.views.comments, name="comments"),
    path("blog/<slug:slug>/comments/<int:comment_id>/", comments.views.comment, name="comment"),
    path(
        "blog/<slug:slug>/comments/<int:comment_id>/edit/", comments.views.edit_comment, name="edit_comment"
    ),
    path(
        "blog/<slug:slug>/comments/<int:comment_id>/like/", comments.views.like_comment, name="like_comment"
    ),
    path("courses/", courses.index, name="courses"),
    path("courses/<slug:slug>/", courses.course, name="course"),
    path("courses/<slug:slug>/enrollment/", courses.enrollment, name="enrollment"),
    path("courses/<slug:slug>/lessons/<int:lesson_id>/", lessons.lesson, name="lesson"),
    path("courses/<slug:slug>/lessons/<int:lesson_id>/progress/", lessons.progress, name="lesson_progress"),
    path("courses/<slug:slug>/lessons/<int:lesson_id>/video/", lessons.video, name="lesson_video"),
    path("courses/<slug:slug>/lessons/<int:lesson_id>/captions/", lessons.captions, name="lesson_captions"),
    path(
        "courses/<slug:slug>/lessons/<int:lesson_id>/files/<uuid:file_id>/", lessons.file, name="lesson_file"
    ),
    path("testimonials/", testimonials.index, name="testimonials"),
    path("testimonials/mine/", testimonials.mine, name="testimonial"),
]
