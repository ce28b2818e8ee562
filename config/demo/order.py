"""Somebody who did not keep to the rules, and what was done about it."""

from datetime import timedelta

from django.utils import timezone

from accounts.actions import standing
from accounts.models import Report, User
from accounts.reporting import find, report
from config.demo.accounts import ensure_person

NAME = "quickdeals"
DAYS = 30


def keep(people: dict[str, User]) -> None:
    """Reported by somebody, and suspended for a month; once."""
    spammer = ensure_person(NAME, full_name="Quick Deals", bio="Cheap licences for every tool. Write to me.")
    if spammer.suspensions.exists():
        return
    report(
        find("person", spammer.username, user=people["buyer"]),
        by=people["buyer"],
        reason=Report.Reason.SPAM,
        note="The same offer under every model.",
    )
    standing.suspend(
        user=spammer,
        by=people["moderator"],
        reason="Advertising under other people’s models, after a warning.",
        until=timezone.now() + timedelta(days=DAYS),
    )
