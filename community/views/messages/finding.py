"""What an address means to the person who asks: only what they take part in is there."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404

from community.models import DirectMessage, Participant


def own_side(request, conversation_id: uuid.UUID) -> Participant:
    """The person's side of the conversation, with the other one."""
    mine = Participant.objects.of_person(request.user).select_related("user", "other", "conversation")
    return get_object_or_404(mine, conversation__public_id=conversation_id)


def own_message(request, conversation_id: uuid.UUID, number: int) -> DirectMessage:
    """A message that the person wrote, and that is not deleted."""
    if number > 2**31 - 1:
        raise Http404
    mine = own_side(request, conversation_id)
    messages = mine.conversation.messages.standing().filter(sender=request.user, number=number)
    message = get_object_or_404(messages.select_related("model"))
    message.conversation = mine.conversation
    return message
