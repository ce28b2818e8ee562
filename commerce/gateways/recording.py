"""Every call to a provider leaves a row: question, answer, time, outcome."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

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
_COUNT_OR_INSERT = """
WITH last AS (
    SELECT id FROM commerce_providercall WHERE payment_id = %(payment)s ORDER BY id DESC LIMIT 1
), same AS (
    UPDATE "commerce_providercall" call
    SET times = call.times + 1, asked_at = %(at)s, milliseconds = %(milliseconds)s
    FROM last WHERE call.id = last.id AND call.operation = %(operation)s AND call.outcome = %(outcome)s
        AND call.http_status IS NOT DISTINCT FROM %(status)s::smallint AND call.error = %(error)s
        AND call.question = %(question)s AND call.answer = %(answer)s
    RETURNING call.id
)
INSERT INTO "commerce_providercall" (payment_id, provider, operation, idempotency_key, question, answer, http_status,
    outcome, error, asked_at, milliseconds, times)
SELECT %(payment)s, %(provider)s, %(operation)s, %(key)s, %(question)s, %(answer)s, %(status)s::smallint,
    %(outcome)s, %(error)s, %(at)s, %(milliseconds)s, 1
WHERE NOT EXISTS (SELECT FROM same)
"""


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
        if reads and row.payment_id is not None:
            _count_or_save(row)
        else:
            row.save()


def _count_or_save(row: ProviderCall) -> None:
    """Where the last call about the payment was answered just so, that is counted; else the row is new."""
    given = {
        "payment": row.payment_id,
        "provider": row.provider,
        "operation": row.operation,
        "key": row.idempotency_key,
        "question": Jsonb(row.question),
        "answer": Jsonb(row.answer),
        "status": row.http_status,
        "outcome": row.outcome,
        "error": row.error,
        "at": timezone.now(),
        "milliseconds": row.milliseconds,
    }
    with connection.prepared_cursor() as cursor:
        cursor.execute(_COUNT_OR_INSERT, given)


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
