"""What can go wrong with help and docs, as errors that a page turns into a sentence."""


class PublishingRefused(Exception):
    """A text that is shown already, or is a draft already; `str(error)` is a sentence for the person who asked."""
