"""Who is told what of a conversation, on commit: open pages by their socket, others by notification and mail."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import live
from accounts.models import Notification, User
from accounts.notifications import notify, push_unread_count
from community.messaging.counting import forget_unread_conversations, unread_conversations
from community.messaging.showing import row_html
from community.models import DirectMessage, Participant
from core.mail import send
from core.markdown import plain_text

EXCERPT = 200
# Whoever has read in a conversation so recently is talking: they need no mail of each answer.
TALKING = timedelta(minutes=10)


def sent(message: DirectMessage, theirs: Participant) -> None:
    """Of a new message: both people's open pages, and the other one unless they do not want to hear."""
    _tell_of(message, theirs, "message")
    counted(theirs.user_id)
    if not theirs.is_muted and not theirs.is_declined:
        _notify(message, theirs)


def changed(message: DirectMessage, theirs: Participant) -> None:
    """It was edited or deleted."""
    _tell_of(message, theirs, "message.changed")


def withdrawn(theirs: Participant) -> None:
    """A message was deleted before it was read: it is not counted any more, nor told of where none is left."""
    counted(theirs.user_id)
    if not theirs.unread:
        _forget_notification(theirs)


def seen(mine: Participant) -> None:
    """To the person's own other pages: there is less to read now."""
    counted(mine.user_id)
    _forget_notification(mine)


def read(mine: Participant, number: int, *, to: Participant) -> None:
    """To the other one: `mine` has read up to `number`."""
    event = {
        "type": "message.read",
        "conversation": str(mine.conversation.public_id),
        "number": number,
    }
    _on_commit(lambda: live.tell(to.user_id, event))


def counted(user_id: int) -> None:
    """The number in the header has changed."""

    def tell() -> None:
        forget_unread_conversations(user_id)
        live.tell(user_id, {"type": "messages", "unread": unread_conversations(user_id)})

    _on_commit(tell)


def count(user: User, said: dict) -> None:
    """A page asks how much there is to read: it may have missed something."""
    live.tell(user.pk, {"type": "messages", "unread": unread_conversations(user.pk)})


def typing(user: User, said: dict) -> None:
    """A page says that its person is typing: the other one's pages learn it, where they talk to each other."""
    public_id = said.get("conversation")
    if not isinstance(public_id, str) or len(public_id) > 40:
        return
    mine = Participant.objects.typing_in(user, public_id)
    if mine is not None:
        live.tell(mine.other_id, {"type": "message.typing", "conversation": str(mine.conversation.public_id)})


def _tell_of(message: DirectMessage, theirs: Participant, kind: str) -> None:
    event = {
        "type": kind,
        "conversation": str(message.conversation.public_id),
        "number": message.number,
    }
    # Drawn before the commit: from then on the other one waits.
    row = DirectMessage.objects.with_page_data().select_related("conversation").get(pk=message.pk)
    drawn = event | {"html": row_html(row, theirs.user)}

    def tell() -> None:
        live.tell(theirs.user_id, drawn)
        # Their own pages ask for it: one of them has it already.
        live.tell(message.sender_id, event)

    _on_commit(tell)


def _notify(message: DirectMessage, theirs: Participant) -> None:
    sender, url = theirs.other, message.conversation.get_absolute_url()
    is_talking = theirs.last_read_at is not None and timezone.now() - theirs.last_read_at < TALKING
    excerpt = plain_text(message.body, length=EXCERPT) or summary(message)
    notify(
        user=theirs.user,
        kind=Notification.Kind.MESSAGE,
        title="wants to write to you" if theirs.is_request else "wrote to you",
        message=excerpt,
        link=url,
        actor=sender,
        group=_group(theirs),
        mail=None
        if is_talking
        else lambda: send(
            kind="community/message",
            to=theirs.user,
            context={"actor": sender, "text": excerpt, "url": url, "is_request": theirs.is_request},
            # One mail for all that is written until they come and read.
            dedupe_key=f"message:{theirs.pk}:{theirs.last_read_number}",
        ),
    )


def summary(message: DirectMessage) -> str:
    """One line for a message without words."""
    if not message.is_standing:
        return "Deleted"
    if message.model_title:
        return f"Sent the model “{message.model_title}”"
    count = message.attachment_count
    return f"Sent {count} files" if count > 1 else "Sent a file"


def _forget_notification(participant: Participant) -> None:
    rows = Notification.objects.filter(user=participant.user_id, group=_group(participant))
    if rows.mark_read():
        _on_commit(lambda: push_unread_count(participant.user_id))


def _group(participant: Participant) -> str:
    return f"message:{participant.conversation_id}"


def _on_commit(tell) -> None:
    # Nothing fails because nobody can be told live: the rows are there.
    transaction.on_commit(tell, robust=True)
