"""What can go wrong with help, docs, tickets, and trust and safety, as errors that a page turns into a sentence."""


class PublishingRefused(Exception):
    """A text that is shown already, or is a draft already; `str(error)` is a sentence for the person who asked."""


class SafetyRefused(Exception):
    """Somebody cannot decide, object or claim like this, or not any more; `str(error)` says why."""


class TicketRefused(Exception):
    """It cannot be written, taken or changed; `str(error)` is a sentence for whoever tried."""


class CampaignRefused(Exception):
    """What cannot be done to a campaign as it is now; `str(error)` is a sentence for the person who asked."""
