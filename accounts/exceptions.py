"""What can go wrong with people, in words that can be shown."""


class ModerationRefused(Exception):
    """The moderator may not do this to that person; the message says why."""
