"""Comments on posts: written, changed, deleted, liked; with their count and those who are told of them."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts import activities
from accounts.models import Activity, User
from blog.models import BlogComment, BlogCommentLike, BlogPost
from marketplace import commenting
from marketplace.exceptions import CommentRefused


def post_comment(
    *, post: BlogPost, author: User, body: str, parent: BlogComment | None = None
) -> BlogComment:
    """A comment on `post`, or an answer to `parent`; tells its author, whom it answers, and whom it mentions.

    Raises:
        CommentRefused: the post takes no comments from this person, or what is answered is gone.
    """
    with transaction.atomic():
        check_may_comment(post, author)
        comment = BlogComment(post=post, author=author, body=body)
        if parent is not None:
            commenting.answer(comment, parent)
        comment.save()
        BlogPost.objects.filter(pk=post.pk).update(comments_count=F("comments_count") + 1)
        activities.record(
            actor=author,
            verb=Activity.Verb.COMMENTED,
            target=post,
            title=post.title,
            link=post.get_absolute_url(),
            picture=post.picture_small.name,
        )
        commenting.tell(comment)
    return comment


def check_may_comment(post: BlogPost, author: User) -> None:
    """
    Raises:
        CommentRefused: the post is not published, or its author has blocked `author`.
    """
    if not post.is_published:
        raise CommentRefused("Comments open when the post is published.")
    _refuse_blocked(post, author)


def _refuse_blocked(post: BlogPost, author: User) -> None:
    if commenting.has_blocked(post.author, author):
        raise CommentRefused("You cannot comment on this author’s posts.")


def edit(*, comment: BlogComment, body: str) -> None:
    """Other words for it; says that and when it was edited, where they differ.

    Raises:
        CommentRefused: its author has been blocked since, by the post's author or by whom it answers.
    """
    _refuse_blocked(comment.post, comment.author)
    commenting.change(comment, body)


def delete(*, comment: BlogComment) -> None:
    """Its words are gone for good; its place stays for as long as something answers it. Idempotent."""
    with transaction.atomic():
        row = commenting.strike(comment)
        if row is None:
            return
        if row.is_standing:
            BlogPost.objects.filter(pk=row.post_id).update(
                comments_count=Greatest(F("comments_count") - 1, 0)
            )
        others = BlogComment.objects.standing().filter(post=row.post_id, author=row.author_id)
        if not others.exists():
            activities.retract(actor=row.author, verb=Activity.Verb.COMMENTED, target=row.post)


def like(*, comment: BlogComment, by: User) -> bool:
    """False where they liked it already."""
    return commenting.like(BlogCommentLike, comment=comment, by=by)


def unlike(*, comment: BlogComment, by: User) -> bool:
    """False where there was no like."""
    return commenting.unlike(BlogCommentLike, comment=comment, by=by)
