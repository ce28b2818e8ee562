"""Liking models: the row, its counts and what follows, in one transaction."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, Notification, User
from accounts.notifications import notify
from marketplace.models import DailyStats, Model3D, ModelLike


def like(*, model: Model3D, by: User) -> bool:
    """`by` likes the model; False where they did already. Two requests at once make one row and count once."""
    with transaction.atomic():
        _, is_new = ModelLike.objects.get_or_create(model=model, user=by)
        if is_new:
            Model3D.objects.filter(pk=model.pk).update(likes=F("likes") + 1)
            _count_today(model, 1)
            if model.is_listed:
                activities.record(
                    actor=by,
                    verb=Activity.Verb.LIKED,
                    target=model,
                    title=model.title,
                    link=model.get_absolute_url(),
                    picture=activity_picture(model),
                )
            notify(
                user=model.creator,
                kind=Notification.Kind.LIKE,
                title=f"liked “{model.title}”",
                link=model.get_absolute_url(),
                actor=by,
                group=f"like:model:{model.pk}",
            )
    return is_new


def unlike(*, model: Model3D, by: User) -> bool:
    """Take the like back; False where there was none."""
    with transaction.atomic():
        deleted, _ = ModelLike.objects.filter(model=model, user=by).delete()
        if deleted:
            Model3D.objects.filter(pk=model.pk).update(likes=Greatest(F("likes") - 1, 0))
            _count_today(model, -1)
            activities.retract(actor=by, verb=Activity.Verb.LIKED, target=model)
    return bool(deleted)


def activity_picture(model: Model3D) -> str:
    """The small poster's name in the public storage; none of a mature model, which not everybody wants to see."""
    if model.is_mature or model.current_file is None:
        return ""
    return model.current_file.poster_small.name


def _count_today(model: Model3D, amount: int) -> None:
    """Today's row (UTC); a like taken back counts off the day on which it is taken back, never below nought."""
    today = timezone.now().date()
    DailyStats.objects.get_or_create(model=model, day=today)
    DailyStats.objects.filter(model=model, day=today).update(likes=Greatest(F("likes") + amount, 0))
