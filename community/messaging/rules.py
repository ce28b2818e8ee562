"""Who may write to whom."""

from accounts.models import Follow, User, UserBlock
from community.messaging.exceptions import MessageRefused
from community.models import Conversation, DirectMessage, Participant

# Whoever writes to strangers writes to a few of them: so many conversations in a day, counted from midnight (UTC).
STRANGERS_A_DAY = 20


def is_stranger(sender: User, recipient: User) -> bool:
    """Whether the first message of `sender` waits as a request: the other neither follows nor has written to them."""
    return not Follow.objects.filter(follower=recipient, followed=sender).exists()


def check_may_write(sender: User, recipient: User) -> None:
    """
    Raises:
        MessageRefused: it is oneself, the other is not there any more, or one of the two has blocked the other.
    """
    if sender.pk == recipient.pk:
        raise MessageRefused("You cannot write to yourself.")
    if not recipient.is_active:
        raise MessageRefused("This account is no longer there.")
    blocks = set(UserBlock.objects.between(sender, recipient).values_list("blocker_id", flat=True))
    if sender.pk in blocks:
        raise MessageRefused("You have blocked this person. Unblock them to write to them.")
    if blocks:
        raise MessageRefused("You cannot write to this person.")


def check_not_waiting(conversation: Conversation, sender: User, theirs: Participant) -> None:
    """A stranger's first message waits alone. Whether the other has declined is told to nobody.

    Raises:
        MessageRefused: it waits still.
    """
    if not theirs.is_open and conversation.messages.filter(sender=sender).exists():
        raise MessageRefused(
            "Your first message waits for an answer. Until then you cannot send another one."
        )


def check_is_own(message: DirectMessage, person: User) -> None:
    """
    Raises:
        MessageRefused: somebody else wrote it, or it was deleted.
    """
    if message.sender_id != person.pk or not message.is_standing:
        raise MessageRefused("This message is not yours to change.")
