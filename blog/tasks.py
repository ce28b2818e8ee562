"""Celery tasks of the blog."""

from celery import shared_task

from blog.actions import posts


@shared_task
def publish_scheduled_posts() -> None:
    """Show the posts whose hour has come."""
    posts.publish_due()
