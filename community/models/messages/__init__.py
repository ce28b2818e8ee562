"""Direct messages: two people, what each has seen of it, and what they wrote."""

from community.models.messages.attachment import MessageAttachment
from community.models.messages.conversation import Conversation, Participant
from community.models.messages.message import DirectMessage

__all__ = ["Conversation", "DirectMessage", "MessageAttachment", "Participant"]
