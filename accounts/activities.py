"""What people did in public, for the feed of those who follow them."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.models import Activity, User


def record(
    *, actor: User, verb: Activity.Verb, target: Model, title: str, link: str, picture: str = ""
) -> None:
    """Tell the followers of `actor`; the same deed about the same thing is told once.

    Args:
        link: a path on this site.
        picture: name in the public storage, of what everybody may see.
    """
    Activity.objects.get_or_create(
        actor=actor,
        verb=verb,
        content_type=ContentType.objects.get_for_model(target),
        object_id=str(target.pk),
        defaults={"title": title[: _longest("title")], "link": link, "picture": picture},
    )


def retract(*, actor: User, verb: Activity.Verb, target: Model) -> None:
    """The deed was taken back."""
    Activity.objects.about(target).filter(actor=actor, verb=verb).delete()


def forget(target: Model) -> None:
    """The thing is public no more: nobody's feed shows it any longer."""
    Activity.objects.about(target).delete()


def _longest(field: str) -> int:
    return Activity._meta.get_field(field).max_length
