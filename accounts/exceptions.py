"""What can go wrong with people, in words that can be shown."""


class ModerationRefused(Exception):
    """The moderator may not do this to that person; the message says why."""


class RelationRefused(Exception):
    """These two people cannot be brought together like this; `str(error)` is a sentence for who asked."""
