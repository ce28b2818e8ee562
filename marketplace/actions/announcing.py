"""What a creator's followers hear of: a model that is listed for the first time, once."""

from celery import current_app
from django.db import transaction
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, Notification, User
from accounts.notifications import notify
from marketplace.actions.likes import activity_picture
from marketplace.models import Model3D

# By name: the module of the tasks imports this one.
TASK = "marketplace.tasks.tell_followers_of_creator"


def announce(model: Model3D) -> bool:
    """Tell of a model as soon as the transaction commits; False where it is not listed, or was told of before.

    To be called wherever a model may become listed: approved, published, made public, brought back. It is new from now
    on, however long ago it was approved: in lists, feeds and saved searches.
    """
    if not model.is_listed or model.announced_at is not None:
        return False
    with transaction.atomic():
        now = timezone.now()
        unannounced = Model3D.objects.filter(pk=model.pk, announced_at=None)
        # One of several at once.
        if not unannounced.update(announced_at=now, published_at=now):
            return False
        model.announced_at = model.published_at = now
        activities.record(
            actor=model.creator,
            verb=Activity.Verb.PUBLISHED,
            target=model,
            title=model.title,
            link=model.get_absolute_url(),
            picture=activity_picture(model),
        )
        transaction.on_commit(lambda: current_app.send_task(TASK, (model.pk,)), robust=True)
    return True


def tell_followers(model: Model3D) -> int:
    """Tell everybody who follows the creator; how many were told. Repeating it adds nothing to what is unread."""
    if not model.is_listed:
        return 0
    followers = User.objects.active().filter(follows__followed=model.creator)
    if model.is_mature:
        followers = followers.exclude(mature_content=User.MatureContent.HIDE)
    told = 0
    for person in followers.order_by("pk").iterator(chunk_size=500):
        told += bool(
            notify(
                user=person,
                kind=Notification.Kind.NEW_MODEL,
                title="published a new model",
                message=model.title,
                link=model.get_absolute_url(),
                actor=model.creator,
                group=f"new-model:{model.pk}",
            )
        )
    return told
