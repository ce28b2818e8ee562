"""What of the blog can be reported, and by whom: whatever they see."""

from accounts import reporting
from accounts.models import User
from accounts.reporting import Reportable
from blog.models import BlogComment, BlogPost, Testimonial

_LONGEST_NUMBER = 18


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None


def _comment(user: User, object_id: str) -> Reportable | None:
    comments = BlogComment.objects.standing().select_related("author", "post")
    comment = comments.filter(pk=_number(object_id), post__in=BlogPost.objects.visible_to(user)).first()
    if comment is None:
        return None
    title = f"A comment by {comment.author.display_name} on “{comment.post.title}”"
    return Reportable(comment, title, comment.get_absolute_url(), comment.author, comment.body)


def _testimonial(user: User, object_id: str) -> Reportable | None:
    said = Testimonial.objects.shown().select_related("author").filter(pk=_number(object_id)).first()
    if said is None:
        return None
    title = f"What {said.author.display_name} says of the site"
    return Reportable(said, title, said.get_absolute_url(), said.author, said.text)


def register() -> None:
    """Called when the app is ready."""
    reporting.register("blog-comment", _comment)
    reporting.register("testimonial", _testimonial)
