"""Celery tasks of the blog."""

from celery import shared_task

from blog.actions import lessons, posts
from blog.models import Lesson


@shared_task
def publish_scheduled_posts() -> None:
    """Show the posts whose hour has come."""
    posts.publish_due()


@shared_task
def tell_learners_of_lesson(lesson_id: int) -> None:
    """Tell those who take a course of a lesson that is new in it; nobody where it has gone meanwhile."""
    lesson = Lesson.objects.select_related("course").filter(pk=lesson_id).first()
    if lesson is not None:
        lessons.tell_learners(lesson=lesson)
