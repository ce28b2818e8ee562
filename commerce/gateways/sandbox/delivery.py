"""How the sandbox's webhooks reach this site: over HTTP, like anybody's."""

import time

import requests
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from commerce.gateways.sandbox.signing import SIGNATURE_HEADER, sign, webhook_body
from commerce.models import SandboxEvent
from core.addresses import absolute_url

TIMEOUT_SECONDS = 10


class DeliveryFailed(Exception):
    """The site did not take the webhook."""


def deliver(event: SandboxEvent) -> None:
    """Send one event, once; nothing where it has been delivered.

    Raises:
        DeliveryFailed: no answer, or one other than success.
    """
    if event.delivered_at is not None:
        return
    SandboxEvent.objects.filter(pk=event.pk).update(attempts=F("attempts") + 1)
    event.attempts += 1
    body = webhook_body(event)
    headers = {"Content-Type": "application/json", SIGNATURE_HEADER: sign(body, int(time.time()))}
    address = absolute_url(reverse("commerce:webhook", args=["sandbox"]))
    try:
        answer = requests.post(
            address, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        raise DeliveryFailed(str(error)) from error
    if answer.status_code != 200:
        raise DeliveryFailed(f"answered with {answer.status_code}")
    SandboxEvent.objects.filter(pk=event.pk).update(delivered_at=timezone.now())
