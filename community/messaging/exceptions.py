"""What can go wrong between two people, as errors that a page turns into a sentence."""


class MessageRefused(Exception):
    """The message cannot be sent or changed; `str(error)` is a sentence for whoever tried."""
