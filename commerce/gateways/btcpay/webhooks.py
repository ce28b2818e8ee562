"""BTCPay's webhooks: signed with the webhook's secret, and without amounts."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from django.conf import settings
from django.utils.crypto import constant_time_compare

from commerce.exceptions import SignatureInvalid
from commerce.gateways.base import Event


def parse(headers: Mapping[str, str], body: bytes) -> Event:
    """
    Raises:
        SignatureInvalid: it is not signed with our secret, or of another store.
    """
    if not settings.BTCPAY_WEBHOOK_SECRET:
        raise SignatureInvalid("Without a secret nothing can be checked.")
    digest = hmac.new(settings.BTCPAY_WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not constant_time_compare(headers.get("BTCPay-Sig", ""), f"sha256={digest}"):
        raise SignatureInvalid("The signature does not match.")
    try:
        payload = json.loads(body)
        if payload["storeId"] != settings.BTCPAY_STORE_ID:
            raise SignatureInvalid("The event is of another store.")
        return Event(
            # Sent again, an event has another delivery's id.
            event_id=payload.get("originalDeliveryId") or payload["deliveryId"],
            kind=payload["type"],
            provider_id=payload.get("invoiceId") or "",
            reference=(payload.get("metadata") or {}).get("orderId") or "",
            asks_to_look=payload["type"].startswith("Invoice"),
            payload=payload,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SignatureInvalid("The event is not one of BTCPay's.") from error
