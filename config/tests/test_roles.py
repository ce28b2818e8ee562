"""The groups of the console and what they may do."""

import pytest
from django.contrib.auth.models import Group

from accounts.tests.factories import UserFactory
from config.roles import AGENTS, FINANCE, MODERATORS, ROLES, ensure_roles

pytestmark = pytest.mark.django_db


def in_group(name):
    user = UserFactory(staff=True)
    user.groups.add(Group.objects.get(name=name))
    return user


def test_an_agent_and_finance_may_not_review_models():
    assert not in_group(AGENTS).has_perm("marketplace.review_model3d")
    assert not in_group(FINANCE).has_perm("marketplace.review_model3d")


def test_a_moderator_may_not_touch_money():
    user = in_group(MODERATORS)
    of_commerce = {name for name in user.get_all_permissions() if name.startswith("commerce.")}
    assert of_commerce == {
        "commerce.view_review",
        "commerce.moderate_review",
        "commerce.view_bounty",
        "commerce.moderate_bounty",
        "commerce.view_bountycomment",
    }


def test_nobody_of_the_console_may_change_money_or_history_by_hand():
    for name in ROLES:
        granted = in_group(name).get_all_permissions()
        assert not granted & {
            f"{app}.{verb}_{model}"
            for app, model in (
                ("commerce", "order"),
                ("commerce", "transaction"),
                ("commerce", "payment"),
                ("commerce", "review"),
                ("core", "auditentry"),
            )
            for verb in ("add", "change", "delete")
        }


def test_every_role_has_its_permissions_after_a_migration():
    for name, wanted in ROLES.items():
        assert set(wanted) <= in_group(name).get_all_permissions()


def test_making_the_roles_again_keeps_what_an_administrator_added():
    group = Group.objects.get(name=AGENTS)
    extra = Group.objects.get(name=FINANCE).permissions.get(codename="refund_payment")
    group.permissions.add(extra)
    ensure_roles()
    assert extra in group.permissions.all()
