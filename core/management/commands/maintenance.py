"""Closes the site for a while, and opens it again."""

from datetime import datetime, time, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.dateparse import parse_datetime, parse_time

from core import maintenance
from core.models import AuditEntry


class Command(BaseCommand):
    help = (
        "on: everybody but staff reads that the site is closed (503), at every address but the health checks and the"
        " sign-in; payment providers and programs are told to come again. off: opens it. Without a word: says which."
    )
    # It is needed most when something else is not in order.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("state", nargs="?", choices=["on", "off"])
        parser.add_argument("--message", default="", help="what people read, in a sentence or two")
        parser.add_argument(
            "--until",
            type=a_later_moment,
            help='when it is expected to end, in UTC: "18:30" or "2030-01-31 18:30"',
        )

    def handle(self, *args, state, message, until, **options):
        if state is None:
            self.stdout.write(self._described(maintenance.current()))
            return
        if state == "off":
            if not maintenance.end():
                raise CommandError("The site is open already.")
            said = {}
        else:
            maintenance.begin(message=message, until=until)
            said = {"message": message, "until": until.isoformat() if until else None}
        self._record(state, said)
        self.stdout.write(self._described(maintenance.current()))

    def _described(self, closed: maintenance.Maintenance | None) -> str:
        if closed is None:
            return "The site is open."
        until = f" until {closed.until:%Y-%m-%d %H:%M} UTC" if closed.until else ""
        return f"The site is closed{until}. {closed.message}".strip()

    def _record(self, state: str, said: dict) -> None:
        try:
            AuditEntry.record(actor=None, action=f"maintenance {state}", **said)
        except DatabaseError:
            self.stderr.write("The database does not answer, so this is not in the audit log.")


def a_later_moment(text: str) -> datetime:
    """The next such moment: an hour that has passed today is tomorrow's.

    Raises:
        ValueError: it is none, or it is over.
    """
    now = timezone.now()
    hour = parse_time(text)
    if hour is not None:
        moment = datetime.combine(now.date(), time(hour.hour, hour.minute), tzinfo=now.tzinfo)
        return moment if moment > now else moment + timedelta(days=1)
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError
    moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    if moment <= now:
        raise ValueError
    return moment
