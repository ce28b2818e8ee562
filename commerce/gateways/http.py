"""Calls to providers that speak JSON over HTTP: recorded, with time-outs, and with what goes wrong in our words."""

import logging
from typing import Any

import requests

from commerce.exceptions import ProviderRefused, ProviderUnavailable
from commerce.gateways.recording import recorded
from commerce.models import Payment

# Seconds to connect, and between two pieces of an answer.
TIMEOUT = (5, 10)
# Our keys, or too many requests: nothing that was asked is wrong.
_NOT_NOW = (401, 403, 408, 425, 429)

logger = logging.getLogger(__name__)


class Refusal(ProviderRefused):
    """The provider will not do this; `status` and `body` are its answer."""

    def __init__(self, message: str, status: int, body: Any):
        super().__init__(message)
        self.status, self.body = status, body


def ask(
    provider: str,
    operation: str,
    method: str,
    address: str,
    *,
    headers: dict[str, str],
    json: Any = None,
    body: bytes | None = None,
    payment: Payment | None = None,
    key: str = "",
    reads: bool = False,
) -> Any:
    """The JSON that the provider answers with; an empty dictionary where it says nothing.

    Raises:
        Refusal: it answered that it will not.
        ProviderUnavailable: no answer in time, one that is no JSON, or one that says that it cannot now.
    """
    question = {"address": address.partition("?")[0], "body": json}
    with recorded(provider, operation, payment=payment, key=key, question=question, reads=reads) as call:
        try:
            answer = requests.request(
                method,
                address,
                headers=headers,
                json=json,
                data=body,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            call.http_status = answer.status_code
            call.answer = answer.json() if answer.content else {}
        except (requests.RequestException, ValueError) as error:
            logger.error("%s did not answer %s: %s", provider, operation, error)
            raise ProviderUnavailable("The payment service does not answer at the moment.") from error
        if answer.ok:
            return call.answer
        if answer.status_code in _NOT_NOW or not 400 <= answer.status_code < 500:
            logger.error("%s answered %s with %s", provider, operation, answer.status_code)
            raise ProviderUnavailable("The payment service does not answer at the moment.")
        logger.warning("%s refused %s with %s", provider, operation, answer.status_code)
        raise Refusal("The payment service refused this.", answer.status_code, call.answer)
