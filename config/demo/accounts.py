"""The demo accounts: one a role, with a password made on this machine and kept in `var/demo-accounts.tsv`."""

import csv
import os
import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User, UserProfile
from config.roles import AGENTS, EDITORS, FINANCE, MODERATORS

COLUMNS = ("role", "email", "password")
# role -> (full name, fields, group)
PEOPLE = {
    "buyer": ("Robin Hale", {}, None),
    "creator": ("", {"user_type": User.UserType.CREATOR}, None),
    "moderator": ("Ana Reyes", {"is_staff": True}, MODERATORS),
    "agent": ("Sam Osei", {"is_staff": True}, AGENTS),
    "finance": ("Kim Lindqvist", {"is_staff": True}, FINANCE),
    "editor": ("Noor Haddad", {"is_staff": True}, EDITORS),
    "admin": ("Max Adler", {"is_staff": True, "is_superuser": True}, None),
}


def accounts_file() -> Path:
    return Path(settings.VAR_DIR) / "demo-accounts.tsv"


def ensure_demo_accounts() -> dict[str, User]:
    """Make what is missing; where the file is gone, the accounts get new passwords. Returns people by role."""
    if accounts_file().exists() and User.objects.filter(username__in=PEOPLE, is_demo=True).count() == len(
        PEOPLE
    ):
        return {user.username: user for user in User.objects.filter(username__in=PEOPLE)}
    rows, people = [], {}
    with transaction.atomic():
        for role, (name, fields, group) in PEOPLE.items():
            password = secrets.token_urlsafe(9)
            people[role] = ensure_person(role, full_name=name, **fields)
            people[role].set_password(password)
            people[role].save()
            if group:
                people[role].groups.add(Group.objects.get(name=group))
            rows.append({"role": role, "email": people[role].email, "password": password})
    _write(rows)
    return people


def ensure_creator(username: str, *, profile: dict, **fields) -> User:
    """A person of the demo who publishes models and cannot sign in, or the demo account of that name."""
    user = ensure_person(username, user_type=User.UserType.CREATOR, **fields)
    UserProfile.objects.update_or_create(user=user, defaults=profile)
    return user


def ensure_member(entry) -> User:
    """A person of the demo who looks around and cannot sign in; `entry` is a `DemoMember`."""
    user = ensure_person(entry.username, full_name=entry.full_name, bio=entry.bio)
    UserProfile.objects.update_or_create(user=user, defaults={"country": entry.country})
    return user


def ensure_person(username: str, **fields) -> User:
    """A person of the demo, with their address; without a password until they get one."""
    user, is_new = User.objects.get_or_create(
        username=username,
        defaults={"email": f"{username}@example.com", "is_demo": True, **fields},
    )
    if is_new:
        user.set_unusable_password()
    for name, value in fields.items():
        setattr(user, name, value or getattr(user, name))
    user.save()
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    UserProfile.objects.get_or_create(user=user)
    return user


def _write(rows: list[dict[str, str]]) -> None:
    """For this person's eyes only, and never half there."""
    path = accounts_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draft.replace(path)
