"""Refunds: asked for, decided, sent to the provider, and carried out once the money has gone back."""

from commerce.actions.refunds.asking import ask, reason_against_asking, remove_from_library, withdraw
from commerce.actions.refunds.deciding import (
    answer,
    decide,
    escalate_overdue,
    refund,
    refund_due,
    restart,
    stop,
)
from commerce.actions.refunds.sending import (
    apply_news,
    apply_refund_state,
    send,
    send_everything,
    send_waiting,
)

__all__ = [
    "answer",
    "apply_news",
    "apply_refund_state",
    "ask",
    "decide",
    "escalate_overdue",
    "reason_against_asking",
    "refund",
    "refund_due",
    "remove_from_library",
    "restart",
    "send",
    "send_everything",
    "send_waiting",
    "stop",
    "withdraw",
]
