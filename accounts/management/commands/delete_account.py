"""For a person who cannot sign in any more, or whose money was settled outside: carry out their deletion."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions import deletion
from accounts.models import AccountDeletion, User
from accounts.personal_data import vetoes
from core.models import AuditEntry


class Command(BaseCommand):
    help = "Delete the account of somebody who has asked for it, at once. It cannot be undone."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--settled",
            metavar="HOW",
            help="what stands against it was settled outside of the site, and how: goes into the audit log",
        )
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def handle(self, *, username: str, settled: str | None, no_input: bool, **options):
        user = User.objects.filter(username__iexact=username, deleted_at__isnull=True).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        against = vetoes(user)
        for sentence in against:
            self.stdout.write(f"To {user.username}: {sentence}")
        if against and not settled:
            raise CommandError(
                "Settle that first (what they earned by a payout, see the console), or say by --settled how it was"
                " settled outside of the site."
            )
        if not no_input and input(f"Type {user.username} to delete this account: ") != user.username:
            raise CommandError("Nothing was deleted.")
        asked = AccountDeletion.objects.filter(user=user).first() or AccountDeletion(user=user)
        asked.set_due(timezone.now())
        AuditEntry.record(
            actor=None,
            action="account.deletion.by_command",
            target=user,
            settled=settled or "",
            reasons=against,
        )
        if deletion.erase(asked.pk, despite_vetoes=bool(settled)):
            self.stdout.write(self.style.SUCCESS("The account is deleted."))
        else:
            self.stdout.write(
                "A mail that names the person has to leave first. Beat goes on with it by itself."
            )
