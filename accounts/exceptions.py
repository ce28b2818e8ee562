"""What can go wrong with people, in words that can be shown."""


class ModerationRefused(Exception):
    """The moderator may not do this to that person; the message says why."""


class RelationRefused(Exception):
    """These two people cannot be brought together like this; `str(error)` is a sentence for who asked."""


class DeletionRefused(Exception):
    """The account cannot go yet; `sentences` tell the person what has to be settled first."""

    def __init__(self, sentences: list[str]):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class NotYet(Exception):
    """An account that is being erased has to wait for something; the next round goes on with it."""
