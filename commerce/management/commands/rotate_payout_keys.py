"""After a new key was put first in PAYOUT_ENCRYPTION_KEYS: nothing needs the old ones any more."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commerce.models import PayoutDetails
from commerce.sealing import SealBroken


class Command(BaseCommand):
    help = "Seal all payout details anew with the first key of PAYOUT_ENCRYPTION_KEYS. Safe beside a running site."

    def handle(self, **options):
        done, broken = 0, []
        for pk in PayoutDetails.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=500):
            with transaction.atomic():
                details = PayoutDetails.objects.select_for_update(no_key=True).filter(pk=pk).first()
                if details is None:
                    continue
                try:
                    details.reseal()
                except SealBroken:
                    broken.append(pk)
                else:
                    done += 1
        self.stdout.write(f"{done} sealed with the first key.")
        if broken:
            raise CommandError(
                f"{len(broken)} are opened by no key: {', '.join(map(str, broken[:20]))}. Keep the old keys."
            )
