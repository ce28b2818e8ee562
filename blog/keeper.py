"""What the blog keeps about people: comments, likes, courses, testimonials. See `accounts.personal_data`."""

from django.db.models import Case, F, Value, When

from accounts.models import User
from accounts.personal_data import Exported, Fate, Held, Keeper, rows
from blog.actions import comments, enrollments, likes, testimonials
from blog.models import BlogComment, BlogCommentLike, BlogPost, LessonProgress, Testimonial
from marketplace.erasing import forget_mentions

STAFF = "It is work done for the site, by somebody who cannot be deleted while they do it."
TRAIL = "The trail of moderation stays whole, without the name."
_STAFF_DEED = Held("", Fate.ANONYMISED, not_copied=STAFF, not_deleted=TRAIL)

HOLDS = {
    "blog.BlogPost.author": Held(
        "blog_posts",
        Fate.ANONYMISED,
        not_deleted="They were published by the site; the name at them is “Deleted account”.",
    ),
    "blog.BlogLike.user": Held("blog_likes", Fate.DELETED),
    "blog.BlogComment.author": Held(
        "blog_comments",
        Fate.ANONYMISED,
        not_deleted="Answers would hang in the air; the name at it is “Deleted account”.",
    ),
    "blog.BlogComment.removed_by": _STAFF_DEED,
    "blog.BlogCommentLike.user": Held("blog_comment_likes", Fate.DELETED),
    "blog.Course.instructor": Held(
        "courses_taught",
        Fate.ANONYMISED,
        not_deleted="They were published by the site; the name at them is “Deleted account”.",
    ),
    "blog.CourseEnrollment.user": Held("courses_taken", Fate.DELETED),
    "blog.Testimonial.author": Held("testimonial", Fate.DELETED),
    "blog.Testimonial.decided_by": _STAFF_DEED,
}
POST = (
    *("id", "title", "slug", "excerpt", "content", "category", "status", "views", "likes", "comments_count"),
    *("shares", "created_at", "published_at"),
)


def export(user: User) -> Exported:
    # What is a draft again is not named.
    is_seen = When(post__in=BlogPost.objects.visible_to(user), then=F("post__title"))
    title = Case(is_seen, default=Value(""))
    own_comments = user.blogcomments.order_by("pk")
    comment_likes = BlogCommentLike.objects.filter(user=user).order_by("pk")
    said = Testimonial.objects.filter(author=user)
    taken = user.course_enrollments.order_by("pk")
    progress = LessonProgress.objects.filter(enrollment__user=user).order_by("pk")
    tables = [
        ("blog_posts", rows(user.blog_posts.order_by("pk"), *POST)),
        ("blog_likes", rows(user.blog_likes.order_by("pk"), "post", "created_at", title=title)),
        (
            "blog_comments",
            rows(
                own_comments,
                *("post", "body", "likes", "created_at", "edited_at"),
                title=title,
            ),
        ),
        ("blog_comment_likes", rows(comment_likes, "comment", "created_at")),
        (
            "courses_taught",
            rows(user.courses.order_by("pk"), "title", "slug", "description", "status", "created_at"),
        ),
        ("courses_taken", rows(taken, "created_at", "seen_at", "completed_at", title=F("course__title"))),
        ("lessons_taken", rows(progress, "seconds", "done_at", title=F("lesson__title"))),
        ("testimonial", rows(said, "text", "company", "rating", "status", "reason", "submitted_at")),
    ]
    pictures = (
        (f"blog/{post.pk}.webp", post.picture_large)
        for post in user.blog_posts.exclude(picture_large="").order_by("pk")
    )
    return Exported(tables=tables, files=pictures)


def erase(user: User) -> None:
    """What they wrote stays, without their name; what they said of the site, and whom they liked, goes."""
    testimonials.withdraw(author=user)
    enrollments.forget_all(user=user)
    for like in user.blog_likes.select_related("post"):
        likes.unlike(post=like.post, by=user)
    for comment_like in BlogCommentLike.objects.filter(user=user).select_related("comment"):
        comments.unlike(comment=comment_like.comment, by=user)
    forget_mentions(user, BlogComment)


def veto(user: User) -> list[str]:
    return []


def keeper() -> Keeper:
    return Keeper(name="blog", holds=HOLDS, export=export, erase=erase, veto=veto)
