"""What of people waits for moderators: see `core.waiting`."""

from accounts.models import Report
from core.waiting import Queue

QUEUES = [
    Queue(
        key="reports",
        label="Reports",
        permission="support.decide_report",
        rows=Report.objects.open,
        since="created_at",
        url_name="safety_queue",
        order=20,
    )
]
