"""Direct messages: written, changed, deleted, read; requests accepted and declined.

Locks: the conversation first, then what belongs to it; of people, only what is told to them is locked, and last.
"""

from community.actions.messages.changing import delete, edit
from community.actions.messages.reading import mark_read
from community.actions.messages.standing import accept, decline, mute, unmute
from community.actions.messages.writing import Letter, send, write_to

__all__ = [
    "Letter",
    "accept",
    "decline",
    "delete",
    "edit",
    "mark_read",
    "mute",
    "send",
    "unmute",
    "write_to",
]
