from commerce.models.cart import CartItem
from commerce.models.order import Order, Transaction
from commerce.models.payment import Payment, WebhookEvent
from commerce.models.purchase import DownloadLink, Purchase
from commerce.models.sandbox import SandboxCharge, SandboxEvent

__all__ = [
    "CartItem",
    "DownloadLink",
    "Order",
    "Payment",
    "Purchase",
    "SandboxCharge",
    "SandboxEvent",
    "Transaction",
    "WebhookEvent",
]
