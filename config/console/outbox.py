"""What of the outbox waits for support: see `core.waiting`. `core` has nothing that is called at the start."""

from core.models import OutgoingMail
from core.waiting import Queue

QUEUES = [
    Queue(
        key="failed_mail",
        label="Mails that could not be sent",
        permission="core.change_outgoingmail",
        rows=OutgoingMail.objects.failed,
        since="created_at",
        url_name="admin:core_outgoingmail_changelist",
        query="status__exact=failed",
        order=95,
    )
]
