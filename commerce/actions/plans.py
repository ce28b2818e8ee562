"""What operators change about plans."""

from dataclasses import asdict

from django.db import transaction

from accounts.models import Entitlements, User
from commerce.models import Plan
from commerce.models.subscription import LIVE
from core.models import AuditEntry

_TOLD = (
    *("name", "price_monthly", "price_yearly", "trial_days", "is_active"),
    *("max_upload_bytes", "storage_bytes", "private_models", "analytics_days", "hold_days"),
)


def save_plan(*, plan: Plan, by: User) -> None:
    """Keep a plan as it was edited. Who has it has its new limits at once; its new price concerns them when they renew.

    What was changed is written down with what it was before.
    """
    with transaction.atomic():
        before = Plan.objects.select_for_update(no_key=True).filter(pk=plan.pk).first()
        plan.save()
        if before is None:
            AuditEntry.record(actor=by, action="plan.add", target=plan)
            return
        changed = {
            name: [str(getattr(before, name)), str(getattr(plan, name))]
            for name in _TOLD
            if getattr(before, name) != getattr(plan, name)
        }
        if changed:
            AuditEntry.record(actor=by, action="plan.change", target=plan, **changed)
        if not plan.is_free:
            having = User.objects.filter(subscriptions__plan=plan, subscriptions__state__in=LIVE)
            Entitlements.objects.filter(user__in=having).update(**asdict(plan.limits))
