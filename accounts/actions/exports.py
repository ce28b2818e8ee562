"""Copies of a person's data: asked for, put together, told of, and thrown away."""

import logging
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.data_copy import BeatingFile, Pulse, write_copy
from accounts.models import DataExport, Notification, User
from accounts.notifications import notify
from core.mail import send

logger = logging.getLogger(__name__)

# By name: the module of the tasks imports this one.
TASK = "accounts.tasks.put_export_together"


def request_export(*, user: User) -> DataExport:
    """A new copy, put together in the background; the one under way where there is one. Failed ones before it go."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=user)
            for failed in user.data_exports.filter(state=DataExport.State.FAILED):
                failed.discard()
            transaction.on_commit(partial(_queue, export.pk), robust=True)
    except IntegrityError:
        # Two requests at once, or one too many: the one under way, unless it is done by now.
        return user.data_exports.unfinished().first() or request_export(user=user)
    return export


def put_together(export_id: int) -> None:
    """Write the copy, and tell its person, of success or failure. Does nothing where another worker has it."""
    export = DataExport.objects.select_related("user").filter(pk=export_id).first()
    if export is None or not export.start():
        return
    try:
        _write(export)
    except Exception:
        logger.exception("The copy of the data of person %s failed.", export.user_id)
        with transaction.atomic():
            export.fail()
            _tell(export, "The copy of your data could not be made", "You can start it again on this page.")
        return
    # Together: a worker that ends here leaves either nothing, or a copy whose person is told.
    with transaction.atomic():
        done = export.finish(kept=timedelta(days=settings.DATA_EXPORT_DAYS))
        if done:
            _tell_ready(export)
    if done:
        for older in export.user.data_exports.exclude(pk=export.pk).filter(state=DataExport.State.READY):
            older.discard()


def tend_exports() -> None:
    """Queue again what a worker has left behind, give up what is never done, throw away what has expired."""
    now = timezone.now()
    for export in DataExport.objects.stalled(now).order_by("pk")[:100]:
        if export.created_at < now - DataExport.GIVE_UP_AFTER:
            DataExport.objects.filter(pk=export.pk).update(state=DataExport.State.FAILED)
        else:
            DataExport.objects.filter(pk=export.pk).update(state=DataExport.State.QUEUED, updated_at=now)
            _queue(export.pk)
    for export in DataExport.objects.expired(now).order_by("pk")[:500]:
        export.discard()


def _write(export: DataExport) -> None:
    pulse = Pulse(export.keep_alive)
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Without a name of its own: it is gone with this process, whatever ends that.
    with tempfile.TemporaryFile(dir=work) as target:
        write_copy(export.user, target, pulse=pulse)
        target.seek(0)
        export.store(File(BeatingFile(target, pulse), name="my-data.zip"))


def _tell_ready(export: DataExport) -> None:
    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if export.user.email:
            send(
                kind="accounts/data_export",
                to=export.user,
                context={"export": export, "url": reverse("accounts:settings_data")},
                dedupe_key=f"data-export:{export.public_id}",
            )

    _tell(export, "The copy of your data is ready", "It can be downloaded until it expires.", mail=mail)


def _tell(export: DataExport, title: str, message: str, mail=None) -> None:
    link = reverse("accounts:settings_data")
    kind = Notification.Kind.ACCOUNT
    notify(user=export.user, kind=kind, title=title, message=message, link=link, mail=mail)


def _queue(export_id: int) -> None:
    # A broker that does not answer is an error at once; beat queues it later.
    current_app.send_task(TASK, (export_id,), retry=False)
