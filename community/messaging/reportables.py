"""Reporting a message: by the one it was sent to, with what stood before it."""

import uuid

from accounts import reporting
from accounts.models import User
from accounts.reporting import Reportable
from community.models import DirectMessage

# So many messages before it go along: a sentence alone may mean anything.
BEFORE = 5
_LONGEST_NUMBER = 9


def _message(user: User, object_id: str) -> Reportable | None:
    """`object_id` is the conversation and the number: `<uuid>-<number>`."""
    conversation_id, _, number = object_id.rpartition("-")
    try:
        wanted = uuid.UUID(conversation_id)
    except ValueError:
        return None
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        return None
    messages = DirectMessage.objects.of_conversations_of(user).filter(conversation__public_id=wanted)
    message = messages.standing().select_related("sender", "conversation").filter(number=int(number)).first()
    if message is None:
        return None
    title = f"A message by {message.sender.display_name}"
    return Reportable(
        message,
        title,
        message.get_absolute_url(),
        message.sender,
        snapshot=_snapshot(message),
        is_open_to_moderators=False,
    )


def _snapshot(message: DirectMessage) -> str:
    earlier = message.conversation.messages.filter(number__lte=message.number).with_page_data().newest_first()
    lines = []
    for row in list(earlier[: BEFORE + 1])[::-1]:
        parts = [row.body or ("(deleted)" if not row.is_standing else "")]
        if row.model_title:
            parts.append(f"[Model: {row.model_title}]")
        parts += [f"[File: {attachment.name}]" for attachment in row.files]
        mark = "Reported" if row.pk == message.pk else "Before"
        said = "\n".join(part for part in parts if part)
        lines.append(f"{mark}, {row.sender.username}, {row.created_at:%Y-%m-%d %H:%M} UTC:\n{said}")
    return "\n\n".join(lines)


def register() -> None:
    """Called when the app is ready."""
    reporting.register("message", _message)
