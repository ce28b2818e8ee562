"""The kill switch: a format whose files trouble the machine is taken in and processed no more, until it is on again."""

from django.db import transaction

from accounts.models import User
from core.models import AuditEntry
from marketplace.actions.processing import requeue_stalled
from marketplace.models import FormatSwitch, ModelFile


def switch_off(*, file_format: str, reason: str, by: User | None = None) -> FormatSwitch:
    """Take and process no more files of a format; those that wait go on waiting. Idempotent; a new reason replaces.

    A file that is being processed is put back before its next step. `by` is None for a command of the operators.
    """
    with transaction.atomic():
        switch = _locked(file_format)
        if switch.is_enabled or switch.reason != reason:
            switch.is_enabled = False
            switch.reason = reason
            switch.save()
            AuditEntry.record(actor=by, action="format.off", target=switch, reason=reason)
    return switch


def switch_on(*, file_format: str, by: User | None = None) -> int:
    """Take a format in again and queue the files that have waited; returns how many. Idempotent."""
    with transaction.atomic():
        switch = _locked(file_format)
        if switch.is_enabled:
            return 0
        switch.is_enabled = True
        switch.reason = ""
        switch.save()
        AuditEntry.record(actor=by, action="format.on", target=switch)
        # Being put back was no failed attempt.
        count = _waiting(file_format).update(attempts=0)
        transaction.on_commit(requeue_stalled, robust=True)
    return count


def _waiting(file_format: str):
    return ModelFile.objects.claimable().filter(format=file_format)


def _locked(file_format: str) -> FormatSwitch:
    FormatSwitch.objects.get_or_create(format=file_format)
    return FormatSwitch.objects.select_for_update().get(format=file_format)
