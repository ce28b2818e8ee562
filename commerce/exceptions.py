"""What can go wrong while buying, in words that a buyer understands."""


class CommerceError(Exception):
    """A refusal that a page shows as it is."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class CartFull(CommerceError):
    """The cart holds as many models as it may."""


class NotAvailable(CommerceError):
    """A model cannot be got by this person; `reason` is one of `commerce.availability.Reason`."""

    def __init__(self, message: str, reason: str):
        super().__init__(message)
        self.reason = reason


class CheckoutChanged(CommerceError):
    """What was shown at checkout is not what would be bought now: the person has to confirm again.

    `changes` says in one sentence a change what is different.
    """

    def __init__(self, changes: list[str]):
        super().__init__(" ".join(changes))
        self.changes = changes


class PaymentNotPossible(CommerceError):
    """The order cannot be paid (any more), or not in this way."""


class PaymentStarting(CommerceError):
    """Another request is handing this payment to the provider right now."""


class ProviderUnavailable(CommerceError):
    """The payment provider did not answer, or not as agreed; the same call may be made again later."""


class ProviderRefused(CommerceError):
    """The payment provider answered that it will not do this."""


class SubscriptionRefused(CommerceError):
    """A plan cannot be had, changed or cancelled like this, or not now."""


class BountyRefused(CommerceError):
    """A bounty is in a state in which this cannot be done (any more), or this person cannot do it."""


class SignatureInvalid(Exception):
    """A webhook that the provider did not sign, signed for somebody else, or signed long ago."""


class DownloadLimitReached(CommerceError):
    """Every download that the purchase allows has been used."""


class FileMissing(CommerceError):
    """The purchase has no file to download."""


class ReviewRefused(CommerceError):
    """The review cannot be written, changed, deleted or answered by this person (any more)."""


class PayoutNotPossible(CommerceError):
    """A payout cannot be asked for, approved, sent or given back, or not now."""


class PayoutUnderWay(PayoutNotPossible):
    """The seller has asked for one already, which is not paid yet."""


class DownloadPaused(CommerceError):
    """All of the purchase's money is on its way back, or has gone back."""


class HoldRefused(CommerceError):
    """Held proceeds are decided about already, or not by this person."""


class RefundNotPossible(CommerceError):
    """No money can be given back for this (any more), or not so much of it."""
