"""Every call to a provider leaves a row: question, answer, time, outcome."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils import timezone

from commerce.exceptions import ProviderRefused, ProviderUnavailable
from commerce.models import Payment, ProviderCall

# Whatever lets somebody act in our or a buyer's place, card data, and what says who somebody is. Names in lower case.
_LEFT_OUT = frozenset(
    (
        *("client_secret", "access_token", "refresh_token", "id_token", "authorization", "secret", "nonce"),
        *("number", "cvc", "cvc_check", "fingerprint", "iban", "card", "payment_method_details", "exp_month"),
        *(
            "payer",
            "payer_info",
            "payment_source",
            "shipping",
            "billing_details",
            "billing_address",
            "receipt_url",
        ),
        *(
            "email",
            "email_address",
            "receipt_email",
            "buyer_email",
            "buyeremail",
            "phone",
            "full_name",
            "given_name",
        ),
        *("transmission_sig", "webhook_event", "destination", "paymentlink", "payee"),
    )
)
_MOST_CHARACTERS = 20_000


@dataclass
class Call:
    """What the code inside `recorded` tells of the answer."""

    answer: Any = field(default_factory=dict)
    http_status: int | None = None


@contextmanager
def recorded(
    provider: str,
    operation: str,
    *,
    payment: Payment | None = None,
    key: str = "",
    question: Any = None,
    reads: bool = False,
    ahead: bool = True,
) -> Iterator[Call]:
    """Around one call to a provider. `reads`: it changes nothing there, so the same answer again is only counted. Else
    the row is written `ahead` of the question, unless whoever answers is in this process.
    """
    row = ProviderCall(
        payment=payment,
        provider=provider,
        operation=operation,
        idempotency_key=key[:200],
        question=_kept(question or {}),
    )
    if ahead and not reads:
        row.save()
    call, started = Call(), time.monotonic()
    row.outcome = ProviderCall.Outcome.UNAVAILABLE
    try:
        yield call
        row.outcome = ProviderCall.Outcome.ANSWERED
    except ProviderRefused as error:
        row.outcome, row.error = ProviderCall.Outcome.REFUSED, error.message[:500]
        raise
    except ProviderUnavailable as error:
        row.error = str(error.__cause__ or error)[:500]
        raise
    except Exception as error:
        row.error = f"{type(error).__name__}: {error}"[:500]
        raise
    finally:
        row.milliseconds = round((time.monotonic() - started) * 1000)
        row.answer, row.http_status = _kept(call.answer), call.http_status
        if not (reads and _was_answered_so_before(row)):
            row.save()


def _was_answered_so_before(row: ProviderCall) -> bool:
    if row.payment_id is None:
        return False
    before = ProviderCall.objects.filter(payment=row.payment_id).order_by("-pk").first()
    same = before is not None and all(
        getattr(before, name) == getattr(row, name)
        for name in ("operation", "outcome", "http_status", "error", "question", "answer")
    )
    if same:
        ProviderCall.objects.filter(pk=before.pk).update(
            times=F("times") + 1, asked_at=timezone.now(), milliseconds=row.milliseconds
        )
    return same


def _kept(data: Any) -> Any:
    """`data` as JSON without what must not be kept, and not endlessly much of it."""
    kept = without_secrets(json.loads(json.dumps(data, default=str)))
    text = json.dumps(kept)
    return kept if len(text) <= _MOST_CHARACTERS else {"shortened": text[:_MOST_CHARACTERS]}


def without_secrets(data: Any) -> Any:
    """The same data without the entries whose names say that nobody may keep them."""
    if isinstance(data, dict):
        return {
            name: without_secrets(value)
            for name, value in data.items()
            if str(name).lower().replace("-", "_") not in _LEFT_OUT
        }
    if isinstance(data, list):
        return [without_secrets(value) for value in data]
    return data
