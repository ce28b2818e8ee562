"""What of the blog waits for moderators: see `core.waiting`."""

from datetime import timedelta

from blog.models import Testimonial
from core.waiting import Queue

QUEUES = [
    Queue(
        key="testimonials",
        label="Testimonials",
        permission="blog.moderate_testimonial",
        rows=Testimonial.objects.waiting,
        since="submitted_at",
        url_name="admin:blog_testimonial_changelist",
        query="status__exact=pending",
        patience=timedelta(days=7),
        order=90,
    )
]
