"""Telling those who have a model that there is more of it."""

from django.urls import reverse

from accounts.models import Notification, User
from accounts.notifications import notify
from commerce.models import Purchase
from core.addresses import absolute_url
from core.mail import send
from marketplace.models import Model3D
from marketplace.versions import Version, version_history


def tell_owners(*, model: Model3D, file_ids: list[int]) -> int:
    """Tell everybody who has the model of newly approved files; how many were told.

    Repeating it mails nobody twice, and adds nothing to what is unread.
    """
    versions = [version for version in version_history(model) if version.file.pk in file_ids]
    if not versions:
        return 0
    owners = User.objects.active().filter(
        pk__in=Purchase.objects.active()
        .filter(model=model, created_at__lte=versions[0].released_at)
        .values("user")
    )
    for person in owners.order_by("pk").iterator(chunk_size=500):
        _tell(person, model, versions)
    return owners.count()


def _tell(person: User, model: Model3D, versions: list[Version]) -> None:
    library = f"{reverse('commerce:purchases')}?model={model.pk}"

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if person.email:
            send(
                kind="commerce/new_version",
                to=person,
                context={"model": model, "versions": versions, "library_url": absolute_url(library)},
                dedupe_key=f"new-version:{versions[0].file.pk}:{person.pk}",
            )

    notify(
        user=person,
        kind=Notification.Kind.NEW_VERSION,
        title=f"There is a new version of “{model.title}”",
        message="; ".join(version.label for version in versions),
        link=library,
        mail=mail,
        group=f"new-version:{model.pk}",
    )
