"""One box over the whole console: people, models, money, tickets, decisions and communities, by permission.

Each kind looks only where an index leads, so a search stays quick however much there is, and shows its best few.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.finding import anybody
from commerce.gateways import GATEWAYS
from commerce.models import Order, Payment, Payout, Refund
from community.finding import any_communities_named
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D
from marketplace.search import Criteria, clean_text
from marketplace.search.engine import narrowed, ordered
from support.models import SupportTicket
from support.models.safety import CopyrightClaim, ModerationDecision
from support.ticketing.desk.queues import found as tickets_found

SHOWN = 6
# Of a word that very many models have, so many of the most popular ones are compared.
RANKED = 100
_NUMBER = re.compile(r"#?([0-9]{1,18})")
_ID = re.compile(r"[0-9a-f]{8,32}")
_LONGEST_ID = 32


@dataclass(frozen=True)
class Hit:
    """One thing; the names are what unfold's list of results asks for."""

    title: str
    description: str
    link: str
    icon: str


class Kind:
    """One kind of thing, for who has the permission to see it."""

    label: str
    icon: str
    permission: str

    def find(self, text: str) -> Sequence[Any]:
        raise NotImplementedError

    def describe(self, found) -> tuple[str, str]:
        """What it is called, and what else is said of it."""
        raise NotImplementedError

    def hits(self, text: str) -> list[Hit]:
        return [self._hit(found) for found in self.find(text)[:SHOWN]]

    def _hit(self, found) -> Hit:
        title, words = self.describe(found)
        meta = found._meta
        link = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[found.pk])
        return Hit(title, f"{self.label}: {words}" if words else self.label, link, self.icon)


class People(Kind):
    label, icon, permission = "Person", "person", "accounts.view_user"

    def find(self, text):
        return anybody(text)

    def describe(self, found):
        state = "" if found.is_active else ", suspended" if not found.is_deleted else ", deleted"
        return found.display_name, f"{found.username}{state}"


class Models(Kind):
    label, icon, permission = "Model", "deployed_code", "marketplace.view_model3d"

    def find(self, text):
        models = Model3D.objects.select_related("creator")
        if number := _number(text):
            return models.filter(pk=number)
        # What waits for review is in no index of words.
        waiting = Model3D.objects.awaiting_review().filter(title__icontains=text)
        first = list(waiting.values_list("pk", flat=True)[:SHOWN])
        criteria = Criteria(text=text)
        listed = ordered(narrowed(criteria), criteria, most_ranked=RANKED).values_list("pk", flat=True)[
            :SHOWN
        ]
        order = list(dict.fromkeys([*first, *listed]))
        known = models.in_bulk(order)
        return [known[pk] for pk in order if pk in known]

    def describe(self, found):
        state = "taken down" if found.is_removed else found.get_status_display().lower()
        return found.title, f"by {found.creator.username}, {state}"


class _ByNumber(Kind):
    """What is called by the beginning of its public id."""

    rows: QuerySet

    def find(self, text):
        between = _between(text)
        return self.rows.filter(public_id__range=between).order_by("pk") if between else self.rows.none()


class Orders(_ByNumber):
    label, icon, permission = "Order", "receipt_long", "commerce.view_order"
    rows = Order.objects.select_related("buyer")

    def describe(self, found):
        return str(found), f"{found.buyer.username}, {money_text(found.total)}, {found.get_status_display()}"


class Payments(_ByNumber):
    label, icon, permission = "Payment", "credit_card", "commerce.view_payment"
    rows = Payment.objects.select_related("payer")

    def find(self, text):
        """Also by what the provider calls it."""
        # With each of their names, by which the index begins.
        rule = Q(provider__in=GATEWAYS, provider_id=text)
        if between := _between(text):
            rule |= Q(public_id__range=between)
        return self.rows.filter(rule).order_by("pk")

    def describe(self, found):
        return str(found), f"{found.payer.username}, {money_text(found.amount)}, {found.get_status_display()}"


class Refunds(_ByNumber):
    label, icon, permission = "Refund", "undo", "commerce.view_refund"
    rows = Refund.objects.select_related("payment__payer")

    def describe(self, found):
        return str(found), f"{found.payment.payer.username}, {found.get_status_display()}"


class Payouts(_ByNumber):
    label, icon, permission = "Payout", "payments", "commerce.view_payout"
    rows = Payout.objects.select_related("seller")

    def describe(self, found):
        return str(found), f"{found.seller.username}, {money_text(found.amount)}"


class Decisions(_ByNumber):
    label, icon, permission = "Decision", "gavel", "support.view_moderationdecision"
    rows = ModerationDecision.objects.select_related("owner")

    def describe(self, found):
        return found.title, found.get_measure_display()


class Claims(_ByNumber):
    label, icon, permission = "Copyright claim", "copyright", "support.view_copyrightclaim"
    rows = CopyrightClaim.objects.all()

    def describe(self, found):
        return found.title, found.get_status_display()


class Communities(Kind):
    label, icon, permission = "Community", "groups", "community.view_community"

    def find(self, text):
        return any_communities_named(text).select_related("owner")

    def describe(self, found):
        return found.name, f"of {found.owner.username}, {found.get_state_display().lower()}"


class Tickets(Kind):
    label, icon, permission = "Ticket", "support_agent", "support.view_supportticket"

    def find(self, text):
        return tickets_found(SupportTicket.objects.select_related("owner"), text).latest_first()

    def describe(self, found):
        return (
            found.subject,
            f"{found.number} of {found.owner.username}, {found.get_status_display().lower()}",
        )


KINDS: list[Kind] = [
    People(),
    Models(),
    Orders(),
    Payments(),
    Refunds(),
    Payouts(),
    Tickets(),
    Decisions(),
    Claims(),
    Communities(),
]


def search(text: str, *, user) -> list[Hit]:
    """The best few of each kind that `user` may see."""
    text = clean_text(text)
    if not text:
        return []
    return [hit for kind in KINDS if user.has_perm(kind.permission) for hit in kind.hits(text)]


def lists_named(request, text: str) -> list[Hit]:
    """Lists of the console that the person may see, by their names."""
    text = clean_text(text).lower()
    return [
        Hit(str(model["name"]), f"List: {app['name']}", model["admin_url"], "list")
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if text and model["admin_url"] and text in str(model["name"]).lower()
    ]


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def _between(text: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The first and the last id that begin with `text`, which has at least the eight digits that people are told."""
    digits = text.lower().replace("-", "").lstrip("#")
    if not _ID.fullmatch(digits):
        return None
    return uuid.UUID(digits.ljust(_LONGEST_ID, "0")), uuid.UUID(digits.ljust(_LONGEST_ID, "f"))
