"""Where somebody's payouts go to: kept sealed, changed by themselves alone, told to them by mail."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.banking import masked_address, masked_number
from commerce.locks import lock_seller
from commerce.models import PayoutDetails
from commerce.payout_news import tell_of_details
from commerce.sealing import seal
from core.models import AuditEntry

Method = PayoutDetails.Method


def keep_details(*, user: User, method: str, country: str, values: dict[str, str]) -> PayoutDetails:
    """New details take the place of those that are there. A payout that was asked for goes where it was to go.

    They can be used after `PAYOUT_DETAILS_WAIT_HOURS`. `values` has the `holder` and the numbers of the method:
    `iban` and perhaps `bic`; `account_number`, `routing_number` and perhaps `bic`; or `paypal_email`.
    """
    now = timezone.now()
    with transaction.atomic():
        lock_seller(user.pk)
        _put_aside(user, now)
        details = PayoutDetails.objects.create(
            user=user,
            method=method,
            country=country,
            masked=_mask(method, values),
            sealed=seal(values, owner=user.pk),
            created_at=now,
            usable_from=now + timedelta(hours=settings.PAYOUT_DETAILS_WAIT_HOURS),
        )
        AuditEntry.record(actor=user, action="payout_details.changed", target=details, method=method)
        tell_of_details(user, details)
    return details


def forget_details(*, user: User) -> bool:
    """Take the details away; False where there were none."""
    with transaction.atomic():
        lock_seller(user.pk)
        details = PayoutDetails.objects.of_user(user).current().first()
        if details is None:
            return False
        AuditEntry.record(actor=user, action="payout_details.removed", target=details, method=details.method)
        _put_aside(user, timezone.now())
        tell_of_details(user, None)
    return True


def reveal_details(details: PayoutDetails, *, by: User) -> dict[str, str]:
    """Everything in full, for somebody of finance; that they saw it goes into the audit log.

    Raises:
        SealBroken: it cannot be opened.
    """
    values = details.opened()
    AuditEntry.record(actor=by, action="payout_details.revealed", target=details, owner=details.user_id)
    return values


def _put_aside(user: User, at) -> None:
    """What no payout went to is not kept; the rest says where a bank's return comes from."""
    for details in PayoutDetails.objects.of_user(user).current():
        if details.payouts.exists():
            details.replace(at)
        else:
            details.delete()


def _mask(method: str, values: dict[str, str]) -> str:
    if method == Method.PAYPAL:
        return masked_address(values["paypal_email"])
    if method == Method.IBAN:
        return masked_number(values["iban"], shown_first=4)
    return masked_number(values["account_number"])
