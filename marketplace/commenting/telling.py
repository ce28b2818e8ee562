"""Who is told of a comment, and of what became of it."""

from collections.abc import Callable, Iterator

from accounts.models import Notification, User
from accounts.notifications import notify
from core.mail import send
from core.markdown import plain_text
from core.mentions import mentioned_names
from core.models import ThreadedComment

EXCERPT = 200
# So many people of one comment are told that they are mentioned.
MAX_MENTIONS = 10


def tell(comment: ThreadedComment, *, may_read: Callable[[User], bool]) -> None:
    """Tell whom it answers, whose thing it is about, and whom it mentions: each once, by the nearest reason.

    Those who may not read it hear nothing of it.
    """
    title = comment.subject.title
    # Notifying locks people: in the order of their ids, as everywhere.
    for person, kind, what in sorted(_people_to_tell(comment), key=lambda told: told[0].pk):
        if may_read(person):
            _notify(comment, person, kind, f"{what} on “{title}”")


def _people_to_tell(comment: ThreadedComment) -> Iterator[tuple[User, Notification.Kind, str]]:
    told = {comment.author_id}
    if comment.parent is not None and comment.parent.author_id not in told:
        told.add(comment.parent.author_id)
        yield comment.parent.author, Notification.Kind.ANSWER, "answered you"
    owner = comment.subject.creator
    if owner.pk not in told:
        told.add(owner.pk)
        yield owner, Notification.Kind.COMMENT, "commented"
    names = mentioned_names(comment.body)[:MAX_MENTIONS]
    people = User.objects.active().called(names).exclude(pk__in=told)
    for person in people.order_by("pk"):
        yield person, Notification.Kind.MENTION, "mentioned you"


def _notify(comment: ThreadedComment, person: User, kind: Notification.Kind, title: str) -> None:
    excerpt = plain_text(comment.body, length=EXCERPT)
    notify(
        user=person,
        kind=kind,
        title=title,
        message=excerpt,
        link=comment.get_absolute_url(),
        actor=comment.author,
        mail=lambda: send(
            kind=f"marketplace/{kind.value}",
            to=person,
            context={
                "actor": comment.author,
                "title": comment.subject.title,
                "text": excerpt,
                "url": comment.get_absolute_url(),
            },
            dedupe_key=f"{comment.event_name(kind.value)}:{person.pk}",
        ),
    )


def tell_taken_down(comment: ThreadedComment) -> None:
    """To its author, who reads why."""
    notify(
        user=comment.author,
        kind=Notification.Kind.ACCOUNT,
        title=f"Your comment on “{comment.subject.title}” was taken down",
        message=comment.removal_reason,
        link=comment.get_absolute_url(),
    )
