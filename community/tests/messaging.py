"""People who talk, for tests; by the same calls as on the site."""

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.tests.factories import UserFactory
from community.actions import messages as actions
from community.actions.messages import Letter
from community.messaging.attachments import prepared
from community.models import Conversation, DirectMessage, Participant


def written(sender: User, recipient: User, body: str = "Hello", **letter) -> DirectMessage:
    """A message from one to the other, in whatever conversation they have."""
    return actions.write_to(sender=sender, recipient=recipient, letter=Letter(body=body, **letter))


def written_with_file(sender: User, recipient: User) -> DirectMessage:
    file = prepared(SimpleUploadedFile("notes.txt", b"Bevel the edges."))
    return written(sender, recipient, "As we said.", attachments=[file])


def two_who_talk() -> tuple[User, User, Conversation]:
    """Ana and Ben, who have each written once and read what was there."""
    ana = UserFactory(username="ana", full_name="Ana Ruiz")
    ben = UserFactory(username="ben", full_name="Ben Oduya")
    conversation = written(ana, ben, "Is the chair rigged?").conversation
    written(ben, ana, "It is.")
    actions.mark_read(conversation=conversation, by=ana, number=2)
    return ana, ben, conversation


def side(conversation: Conversation, user: User) -> Participant:
    return Participant.objects.get(conversation=conversation, user=user)
