from commerce.models.cart import CartItem
from commerce.models.order import Order, Transaction
from commerce.models.payment import Payment, WebhookEvent
from commerce.models.plan import Interval, Plan
from commerce.models.purchase import DownloadLink, Purchase
from commerce.models.sandbox import SandboxCharge, SandboxEvent

__all__ = [
    "CartItem",
    "DownloadLink",
    "Interval",
    "Order",
    "Payment",
    "Plan",
    "Purchase",
    "SandboxCharge",
    "SandboxEvent",
    "Transaction",
    "WebhookEvent",
]
