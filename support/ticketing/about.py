"""What a ticket is about: an order, a model or a refund, from whose page somebody came."""

import uuid
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from commerce.models import Order, Refund
from marketplace.models import Model3D
from support.models import SupportTicket

Category = SupportTicket.Category
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class About:
    """At most one of the three."""

    order: Order | None = None
    model: Model3D | None = None
    refund: Refund | None = None

    def __bool__(self) -> bool:
        return any((self.order, self.model, self.refund))

    @property
    def key(self) -> str:
        """As a form carries it: `order:<id>`."""
        if self.order:
            return f"order:{self.order.public_id}"
        if self.model:
            return f"model:{self.model.pk}"
        return f"refund:{self.refund.public_id}" if self.refund else ""

    @property
    def label(self) -> str:
        if self.order:
            return f"Order {self.order.number}"
        if self.model:
            return f"Model “{self.model.title}”"
        return f"Refund {self.refund.number}" if self.refund else ""

    @property
    def category(self) -> str:
        """What is usually asked about it."""
        if self.refund:
            return Category.REFUND
        if self.order:
            return Category.PAYMENT
        return Category.TECHNICAL if self.model else ""

    @property
    def icon(self) -> str:
        if self.order:
            return "receipt"
        return "box" if self.model else "undo-2"

    def url_for(self, user: User) -> str:
        """Its page, as whoever asked sees it; empty where they see it no more."""
        if self.order:
            return self.order.get_absolute_url()
        if self.model:
            return self.model.get_absolute_url() if self.model.is_visible_to(user) else ""
        return _refund_url(self.refund, user) if self.refund else ""


def about_of_ticket(ticket: SupportTicket) -> About:
    return About(ticket.order, ticket.model, ticket.refund)


def about_in(key: str, user: User) -> About | None:
    """What `key` names, where it is theirs, or open to them; None where it is not."""
    kind, _, name = key.partition(":")
    if kind == "model":
        is_number = name.isascii() and name.isdecimal() and len(name) < 20
        pk = int(name) if is_number and int(name) <= _LARGEST else None
        model = Model3D.objects.visible_to(user).select_related("creator").filter(pk=pk).first()
        return About(model=model) if model else None
    try:
        public_id = uuid.UUID(name)
    except ValueError:
        return None
    if kind == "order":
        order = Order.objects.of_buyer(user).filter(public_id=public_id).first()
        return About(order=order) if order else None
    if kind == "refund":
        theirs = Q(payment__payer=user) | Q(transaction__seller=user)
        refund = Refund.objects.filter(theirs, public_id=public_id).first()
        return About(refund=refund) if refund else None
    return None


def about_asked(parameters, user: User) -> About:
    """What an address names by `order`, `model` or `refund`; nothing where it is not theirs."""
    for kind in ("order", "model", "refund"):
        if name := parameters.get(kind):
            return about_in(f"{kind}:{name}", user) or About()
    return About()


def _refund_url(refund: Refund, user: User) -> str:
    if refund.transaction and refund.transaction.seller_id == user.pk:
        return reverse("commerce:seller_refund", args=[refund.public_id])
    purchase = getattr(refund.transaction, "purchase", None) if refund.transaction else None
    return reverse("commerce:refund", args=[purchase.public_id]) if purchase else ""
