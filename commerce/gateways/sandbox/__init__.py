"""A payment provider inside this process, for development, demonstrations and tests.

It behaves like a real one: it keeps its own records, shows its own payment pages, signs its webhooks and delivers them
over HTTP from a worker, again and again until they are taken. Nothing is settled by what the browser brings back.
"""

from commerce.gateways.sandbox.afterwards import contest, decide_dispute, decide_refund
from commerce.gateways.sandbox.charges import arrive, charge_again, finish, pay, pay_with
from commerce.gateways.sandbox.gateway import SandboxGateway
from commerce.gateways.sandbox.invoices import invoice_of
from commerce.gateways.sandbox.signing import SIGNATURE_HEADER, sign, webhook_body
from commerce.gateways.sandbox.sources import (
    CARD_CONFIRMS,
    CARD_DECLINED,
    CARD_SUCCEEDS,
    SOURCES,
    TEST_CARDS,
    source,
)

__all__ = [
    "CARD_CONFIRMS",
    "CARD_DECLINED",
    "CARD_SUCCEEDS",
    "SIGNATURE_HEADER",
    "SOURCES",
    "TEST_CARDS",
    "SandboxGateway",
    "arrive",
    "charge_again",
    "contest",
    "decide_dispute",
    "decide_refund",
    "finish",
    "invoice_of",
    "pay",
    "pay_with",
    "sign",
    "source",
    "webhook_body",
]
