"""The lock that all changes of one conversation wait for."""

from community.models import Conversation, Participant


def locked(conversation: Conversation) -> Conversation:
    """The row as it is now; until the transaction ends nobody else writes into this conversation."""
    return Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)


def sides(conversation: Conversation, user) -> tuple[Participant, Participant]:
    """The person's own side and the other one's. Under the lock of the conversation."""
    rows = conversation.participants.select_related("user", "other")
    by_user = {row.user_id: row for row in rows}
    mine = by_user.pop(user.pk)
    return mine, by_user.popitem()[1]
