from django.urls import path

from blog.views import comments, engagement, feeds, posts, testimonials

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
    path("testimonials/", testimonials.index, name="testimonials"),
    path("testimonials/mine/", testimonials.mine, name="testimonial"),
]
