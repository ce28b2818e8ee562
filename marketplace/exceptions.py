"""What can go wrong in the marketplace, as errors that a page turns into a sentence."""

from dataclasses import dataclass


class MarketplaceError(Exception):
    """Base of them all; `str(error)` is a sentence for the person who asked."""


@dataclass(frozen=True)
class Missing:
    """One thing that a model lacks: a sentence, and the id of the element on the edit page that mends it."""

    anchor: str
    message: str


class NotReadyForReview(MarketplaceError):
    """The model was submitted before it was complete; `missing` lists what it lacks."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("The model is not complete yet.")
        self.missing = missing


class TransitionRefused(MarketplaceError):
    """The model, or its file, is in a state in which this cannot be done (any more)."""


class PrivateModelsFull(MarketplaceError):
    """No further model of this person may be private; the message says why and what to do."""


class ReviewNotAllowed(MarketplaceError):
    """This person may not decide about this model: no moderator, or its own creator."""


class UploadRefused(MarketplaceError):
    """An upload was not taken; nothing of it was kept. `code` is a stable slug."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class LeaseLost(MarketplaceError):
    """Another worker has the file now, or its row is gone: this worker must not write to it."""


class CommentRefused(MarketplaceError):
    """This person may not comment here, or what they answer is gone."""


class CollectionRefused(MarketplaceError):
    """The collection is full, or the model is none that can be put into it."""


class SearchNotSaved(MarketplaceError):
    """A search is not kept; the message says why, for its owner."""
