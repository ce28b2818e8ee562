"""What of communities waits for moderators: see `core.waiting`."""

from community.models import Community
from core.waiting import Queue

QUEUES = [
    Queue(
        key="communities",
        label="New communities",
        permission="community.moderate_community",
        rows=Community.objects.waiting,
        since="created_at",
        url_name="admin:community_community_changelist",
        query="state__exact=pending",
        order=30,
    )
]
