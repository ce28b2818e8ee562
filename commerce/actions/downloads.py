"""Downloads: counted when a link is made, exactly, however many ask at once."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from commerce.exceptions import DownloadLimitReached, DownloadPaused, FileMissing
from commerce.models import DownloadLink, Purchase
from commerce.statistics import count_for_day
from core.models import AuditEntry
from marketplace.models import Model3D

LINK_LIFETIME = timedelta(hours=24)
MAX_GRANT = 100


def make_link(purchase: Purchase) -> DownloadLink:
    """Use one of the purchase's downloads: a link to all that it gives; works, and resumes, for a day without
    counting again.

    Raises:
        DownloadLimitReached: all are used; nothing was counted.
        DownloadPaused: its money is on its way back; nothing was counted.
        FileMissing: the purchase has no file; nothing was counted.
    """
    files = purchase.files()
    if not files:
        raise FileMissing(
            f"The file of “{purchase.model.title}” is missing. Write to {settings.CONTACT_EMAIL}."
        )
    now = timezone.now()
    with transaction.atomic():
        # One statement decides: of many that ask at once, each sees the count that the one before has left.
        counted = (
            Purchase.objects.downloadable()
            .filter(pk=purchase.pk, download_count__lt=F("download_limit"))
            .update(download_count=F("download_count") + 1)
        )
        if not counted:
            purchase.refresh_from_db()
            if not purchase.is_downloadable:
                raise DownloadPaused(
                    f"The money for “{purchase.model.title}” is on its way back: it cannot be downloaded now."
                )
            raise DownloadLimitReached(
                f"All {purchase.download_limit} downloads of “{purchase.model.title}” have been used."
                f" Write to {settings.CONTACT_EMAIL} and we will add more."
            )
        link = DownloadLink.objects.create(purchase=purchase, file=files[0], expires_at=now + LINK_LIFETIME)
        Model3D.objects.filter(pk=purchase.model_id).update(downloads=F("downloads") + 1)
        count_for_day(purchase.model_id, now, downloads=1)
    return link


def grant_downloads(purchase: Purchase, *, more: int, by: User) -> None:
    """Support adds downloads to a purchase.

    Raises:
        ValueError: `more` is not between 1 and `MAX_GRANT`.
    """
    if not 1 <= more <= MAX_GRANT:
        raise ValueError(f"Between 1 and {MAX_GRANT} downloads can be granted at once.")
    with transaction.atomic():
        Purchase.objects.filter(pk=purchase.pk).update(download_limit=F("download_limit") + more)
        AuditEntry.record(actor=by, action="purchase.grant_downloads", target=purchase, more=more)
    purchase.refresh_from_db(fields=["download_limit"])
