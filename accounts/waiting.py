"""What of people waits for moderators: see `core.waiting`."""

from accounts.models import Report
from core.waiting import Queue

QUEUES = [
    Queue(
        key="reports",
        label="Reports",
        permission="accounts.view_report",
        rows=Report.objects.open,
        since="created_at",
        url_name="admin:accounts_report_changelist",
        query="state__exact=open",
        order=20,
    )
]
