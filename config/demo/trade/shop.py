"""Who and what is there to trade with, and a deed done at its time."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from commerce.actions import webhooks
from commerce.actions.payments import start_payment
from commerce.actions.placing import Billing
from commerce.actions.saved_methods import remember
from commerce.gateways import sandbox
from commerce.gateways.sandbox.gateway import SandboxGateway
from commerce.models import Payment, SandboxEvent
from config.demo.catalogue.trade import ADDRESSES
from config.demo.clock import at
from core.models import OutgoingMail
from marketplace.models import Model3D

# A model is not bought the minute it comes.
SEEN_FIRST = timedelta(hours=6)


@dataclass(frozen=True)
class Deed:
    """Something that happens at a time; done twice, it happens once."""

    when: datetime
    do: Callable[[], object]


@dataclass(frozen=True)
class Shop:
    """People by their names, and models by their slugs: those for sale, and those made for bounties."""

    now: datetime
    people: dict[str, User]
    models: dict[str, Model3D]

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def has(self, slugs: Iterable[str]) -> bool:
        return all(slug in self.models for slug in slugs)

    def bought_at(self, days: float, slugs: Iterable[str]) -> datetime:
        """`days` ago, or when all of the models were there."""
        came = max(self.models[slug].published_at for slug in slugs)
        return max(self.ago(days), came + SEEN_FIRST)

    def billing(self, name: str) -> Billing:
        return billing_of(self.people[name])


def billing_of(person: User) -> Billing:
    """Whom the papers of somebody's orders name."""
    lives = ADDRESSES[person.username]
    return Billing(
        name=person.display_name,
        email=person.email,
        country=lives.country,
        company=lives.company,
        address=lives.address,
        city=lives.city,
        postcode=lives.postcode,
    )


def do(deed: Deed, not_before: datetime) -> datetime:
    """The deed at its time, whole or not at all; when it was done. Nobody gets mail about what was weeks ago."""
    newest = OutgoingMail.objects.aggregate(newest=Max("pk"))["newest"] or 0
    with at(max(deed.when, not_before)), transaction.atomic():
        deed.do()
        # What others write meanwhile carries another date.
        OutgoingMail.objects.filter(pk__gt=newest, created_at__lte=timezone.now()).delete()
        return timezone.now()


def pay(payment: Payment, source: str) -> Payment:
    """The payer sends the money from one of the sandbox's sources, and the sandbox tells of it."""
    start_payment(payment)
    payment.refresh_from_db()
    sandbox.pay(payment.provider_id, sandbox.source(source))
    hear(payment)
    payment.refresh_from_db()
    remember(payment)
    return payment


def hear(payment: Payment) -> None:
    """Take the sandbox's webhooks about a payment here: a worker would take them today."""
    told = SandboxEvent.objects.filter(charge__reference=str(payment.public_id), delivered_at=None)
    for event in told.select_related("charge").order_by("pk"):
        body = sandbox.webhook_body(event)
        # Signatures are held against the machine's clock, which nobody turns back.
        headers = {sandbox.SIGNATURE_HEADER: sandbox.sign(body, int(time.time()))}
        webhooks.receive(SandboxGateway.name, SandboxGateway().parse_webhook(headers, body))
        event.attempts, event.delivered_at = 1, timezone.now()
        event.save(update_fields=["attempts", "delivered_at"])
