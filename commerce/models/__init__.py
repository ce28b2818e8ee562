from commerce.models.bounties import (
    Bounty,
    BountyApplication,
    BountyComment,
    BountyCommentLike,
    BountyPayment,
    BountyPicture,
    BountySubmission,
    EscrowReturn,
)
from commerce.models.cart import CartItem
from commerce.models.certificate import Certificate
from commerce.models.coupon import Coupon, CouponUse
from commerce.models.dispute import Dispute
from commerce.models.earnings import EarningsDay
from commerce.models.ledger import LedgerCheckpoint, LedgerEntry, LedgerMovement
from commerce.models.listing import SoldListing
from commerce.models.order import Order, Transaction
from commerce.models.paperwork import CreditNote, Invoice, NumberSeries
from commerce.models.payment import Payment, WebhookEvent
from commerce.models.payout import Payout, PayoutBatch
from commerce.models.payout_details import PayoutDetails
from commerce.models.plan import Interval, Plan
from commerce.models.proceeds_hold import HeldShare, ProceedsHold
from commerce.models.provider_call import ProviderCall
from commerce.models.purchase import DownloadLink, Purchase
from commerce.models.refund import Refund
from commerce.models.review import RatingPrior, Review, ReviewVote
from commerce.models.sandbox import SandboxCard, SandboxCharge, SandboxDispute, SandboxEvent, SandboxRefund
from commerce.models.saved_method import SavedPaymentMethod
from commerce.models.site_day import SiteDay
from commerce.models.subscription import Subscription
from commerce.models.subscription_period import SubscriptionPeriod
from commerce.models.tax import TaxRate

__all__ = [
    "Bounty",
    "BountyApplication",
    "BountyComment",
    "BountyCommentLike",
    "BountyPayment",
    "BountyPicture",
    "BountySubmission",
    "CartItem",
    "Certificate",
    "Coupon",
    "CouponUse",
    "CreditNote",
    "Dispute",
    "DownloadLink",
    "EarningsDay",
    "EscrowReturn",
    "HeldShare",
    "Interval",
    "Invoice",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerMovement",
    "NumberSeries",
    "Order",
    "Payment",
    "Payout",
    "PayoutBatch",
    "PayoutDetails",
    "Plan",
    "ProceedsHold",
    "ProviderCall",
    "Purchase",
    "RatingPrior",
    "Refund",
    "Review",
    "ReviewVote",
    "SandboxCard",
    "SandboxCharge",
    "SandboxDispute",
    "SandboxEvent",
    "SandboxRefund",
    "SavedPaymentMethod",
    "SiteDay",
    "SoldListing",
    "Subscription",
    "SubscriptionPeriod",
    "TaxRate",
    "Transaction",
    "WebhookEvent",
]
