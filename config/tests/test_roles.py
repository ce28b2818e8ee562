"""The groups of the console and what they may do."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import RequestFactory
from django.urls import reverse

from accounts.tests.factories import UserFactory
from config.roles import ADMINISTRATORS, AGENTS, EDITORS, FINANCE, MAILERS, MODERATORS, ROLES, ensure_roles

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


# What each role may look at in the console, and no more: by app, all of which its lists are.
APPS_OF = {
    MODERATORS: {"marketplace", "community", "accounts", "blog", "commerce", "support", "core"},
    AGENTS: {"accounts", "marketplace", "commerce", "support", "core"},
    FINANCE: {"accounts", "commerce", "core"},
    EDITORS: {"blog", "support"},
    MAILERS: {"core", "support"},
}
# What somebody does with other people's money, accounts or words, and the roles that may.
DEEDS = {
    "marketplace.review_model3d": {MODERATORS},
    "accounts.moderate_user": {MODERATORS},
    "support.decide_report": {MODERATORS},
    "support.decide_appeal": {MODERATORS},
    "support.decide_copyrightclaim": {MODERATORS},
    "core.change_textfilter": {MODERATORS},
    "commerce.settle_hold": {FINANCE},
    "community.moderate_community": {MODERATORS},
    "blog.moderate_testimonial": {MODERATORS},
    "commerce.moderate_bounty": {MODERATORS},
    "commerce.moderate_review": {MODERATORS},
    "commerce.decide_refund": {AGENTS},
    "commerce.decide_bounty": {AGENTS},
    "commerce.grant_downloads": {AGENTS},
    "commerce.answer_dispute": {AGENTS, FINANCE},
    "commerce.refund_payment": {FINANCE},
    "commerce.restart_refund": {FINANCE},
    "commerce.approve_payout": {FINANCE},
    "commerce.pay_payout": {FINANCE},
    "commerce.reveal_payoutdetails": {FINANCE},
    "commerce.manage_subscription": {FINANCE},
    "commerce.view_siteday": {FINANCE},
    "blog.change_blogpost": {EDITORS},
    "core.change_outgoingmail": {AGENTS, MAILERS},
    "support.send_mailcampaign": {MAILERS},
    "core.export_lists": {FINANCE},
    "core.view_auditentry": {MODERATORS},
}
# What is for superusers: to say who works here and as what, and what nobody does by hand.
FOR_NOBODY = [
    *("auth.change_group", "accounts.change_user", "accounts.add_user", "accounts.delete_user"),
    *("core.change_auditentry", "core.delete_auditentry", "commerce.change_ledgerentry"),
]


def test_what_is_for_superusers_is_for_no_role():
    for name in ROLES:
        granted = in_group(name).get_all_permissions()
        assert not granted & set(FOR_NOBODY), name


@pytest.mark.parametrize("permission", DEEDS)
def test_a_deed_is_for_those_roles_alone_that_are_named(permission):
    may = {name for name, permissions in ROLES.items() if permission in permissions}
    assert may == {*DEEDS[permission], ADMINISTRATORS}


def test_each_role_sees_the_apps_of_its_work_and_no_others():
    for name, labels in APPS_OF.items():
        assert {permission.split(".")[0] for permission in ROLES[name]} == labels, name


def test_administrators_may_what_all_others_may():
    everything = {permission for permissions in ROLES.values() for permission in permissions}
    assert everything <= in_group(ADMINISTRATORS).get_all_permissions()


@pytest.mark.full
@pytest.mark.parametrize("name", ROLES)
def test_a_list_opens_for_those_alone_who_may_see_it(name, client):
    user = in_group(name)
    client.force_login(user)
    for model, desk in admin.site._registry.items():
        meta = model._meta
        asking = RequestFactory().get("/")
        asking.user = user
        may = desk.has_view_or_change_permission(asking)
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        status = client.get(address).status_code
        assert (status != 403) == may, (name, desk)
