"""One person a role, and what each of them has in common."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.tests.factories import UserFactory
from commerce.tests.permissions.cells import (
    ADMIN,
    BUYER,
    FINANCE,
    MODERATOR,
    OTHER_BUYER,
    OTHER_SELLER,
    SELLER,
    SUPPORT,
    VISITOR,
)


def people() -> dict[str, User | None]:
    made = {
        BUYER: UserFactory(username="bea"),
        OTHER_BUYER: UserFactory(username="otto"),
        SELLER: UserFactory(username="sela", creator=True),
        OTHER_SELLER: UserFactory(username="simon", creator=True),
        SUPPORT: _of_staff("Support agents"),
        MODERATOR: _of_staff("Moderators"),
        FINANCE: _of_staff("Finance"),
        ADMIN: UserFactory(username="ada", admin=True),
    }
    for user in made.values():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return {VISITOR: None, **made}


def _of_staff(group: str) -> User:
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person
