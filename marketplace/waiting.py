"""What of the marketplace waits for moderators: see `core.waiting`."""

from django.db.models.functions import Coalesce

from core.waiting import Queue
from marketplace.models import Model3D

QUEUES = [
    Queue(
        key="models",
        label="Models to review",
        permission="marketplace.review_model3d",
        rows=Model3D.objects.awaiting_review,
        since=Coalesce("version_submitted_at", "submitted_at"),
        url_name="admin:marketplace_model3d_changelist",
        order=10,
    )
]
