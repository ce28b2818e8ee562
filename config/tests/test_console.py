"""The console as a whole: its overview, its search, and the page of all about one person."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.actions import standing
from accounts.models import Report
from accounts.reporting import find, report
from accounts.tests.factories import UserFactory
from commerce.tests.factories import order_of, started_payment
from community.tests.factories import CommunityFactory
from community.tests.posting import posted
from config.roles import AGENTS, EDITORS, FINANCE, MODERATORS
from core.models import AuditEntry
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_role(client):
    """Sign in as somebody of a role, or as an administrator where none is named."""

    def sign_in(name: str = ""):
        user = UserFactory(staff=True, admin=not name)
        if name:
            user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        return user

    return sign_in


def chief_entries(chief):
    return AuditEntry.objects.filter(actor=chief)


def text_of(client, address: str, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


# The overview


def test_each_role_sees_its_own_queues_and_no_others(client, as_role):
    expected = {
        MODERATORS: {"Models to review", "Reports", "New communities", "Testimonials"},
        AGENTS: {
            *("Refunds to decide", "Disputes to answer", "Bounties to decide"),
            *("Mails that could not be sent", "Tickets to answer"),
        },
        FINANCE: {
            *("Payouts to approve", "Payouts to send", "Refunds that could not be sent"),
            "Disputes to answer",
        },
    }
    everything = set().union(*expected.values())
    for role, labels in expected.items():
        as_role(role)
        page = text_of(client, reverse("admin:index"))
        assert {label for label in everything if f'queue-label">{label}<' in page} == labels, role
    as_role(EDITORS)
    page = text_of(client, reverse("admin:index"))
    assert "Your role has no queues" in page
    assert "The last 30 days" not in page


def test_money_stands_on_the_overview_for_those_alone_who_may_see_it(client, as_role):
    as_role(MODERATORS)
    page = text_of(client, reverse("admin:index"))
    assert "Models published" in page
    assert "Revenue" not in page
    as_role(FINANCE)
    assert "Kept by the site" in text_of(client, reverse("admin:index"))


def test_the_overview_counts_what_waits_and_says_since_when(client, as_role):
    as_role(MODERATORS)
    waits = Model3DFactory(pending=True)
    type(waits).objects.filter(pk=waits.pk).update(submitted_at=timezone.now() - timedelta(days=3))
    page = text_of(client, reverse("admin:index"))
    assert "the oldest 3 days ago: late" in page
    assert "Nothing waits" in page


def test_the_overview_asks_no_more_often_the_more_there_is(client, as_role, django_assert_max_num_queries):
    as_role()
    text_of(client, reverse("admin:index"))
    with django_assert_max_num_queries(60) as few:
        text_of(client, reverse("admin:index"))
    Model3DFactory.create_batch(3, pending=True)
    CommunityFactory.create_batch(3, pending=True)
    with django_assert_max_num_queries(len(few)):
        text_of(client, reverse("admin:index"))


def test_the_navigation_leads_to_what_the_role_may_see(client, as_role):
    as_role(EDITORS)
    page = text_of(client, reverse("admin:index"))
    assert reverse("admin:blog_blogpost_changelist") in page
    assert reverse("admin:commerce_payout_changelist") not in page
    assert reverse("analytics") not in page


# The search


def test_the_search_finds_nothing_that_the_role_may_not_see(client, as_role):
    person = UserFactory(username="carpenter", full_name="Ana Oak")
    order = order_of(person, Model3DFactory(listed=True, title="Oak chair"))
    as_role(EDITORS)
    for text in ("carpenter", "oak", str(order.public_id)):
        page = text_of(client, reverse("console_search"), q=text)
        assert "of what your role may see" in page
    as_role(MODERATORS)
    assert "of what your role may see" in text_of(client, reverse("console_search"), q=str(order.public_id))
    assert "Oak chair" in text_of(client, reverse("console_search"), q="oak")


def test_the_search_finds_everything_that_has_a_name_or_a_number(client, as_role):
    as_role()
    person = UserFactory(username="carpenter", full_name="Ana Oak", is_active=False)
    EmailAddress.objects.create(user=person, email="second@example.com")
    listed = Model3DFactory(listed=True, title="Walnut chest")
    pending = Model3DFactory(pending=True, title="Walnut desk")
    order = order_of(UserFactory(), listed)
    payment = started_payment(order)
    community = CommunityFactory(name="100% hard surface", private=True)
    searched = {
        "carpenter": reverse("admin:accounts_user_change", args=[person.pk]),
        "oak": reverse("admin:accounts_user_change", args=[person.pk]),
        person.email.upper(): reverse("admin:accounts_user_change", args=[person.pk]),
        "second@example.com": reverse("admin:accounts_user_change", args=[person.pk]),
        "chest": reverse("admin:marketplace_model3d_change", args=[listed.pk]),
        "walnut d": reverse("admin:marketplace_model3d_change", args=[pending.pk]),
        str(pending.pk): reverse("admin:marketplace_model3d_change", args=[pending.pk]),
        str(order.public_id)[:8]: reverse("admin:commerce_order_change", args=[order.pk]),
        f"#{order.public_id}": reverse("admin:commerce_order_change", args=[order.pk]),
        payment.provider_id: reverse("admin:commerce_payment_change", args=[payment.pk]),
        "100%": reverse("admin:community_community_change", args=[community.pk]),
        "audit": reverse("admin:core_auditentry_changelist"),
    }
    for text, address in searched.items():
        assert f'href="{address}"' in text_of(client, reverse("console_search"), q=text), text


@pytest.mark.parametrize("text", ["", " ", "\0", "%", "_", "\\", "'", "#", "9" * 30, "a" * 5000, "<b>x</b>"])
def test_the_search_bears_whatever_is_typed(client, as_role, text):
    as_role()
    assert "<b>x</b>" not in text_of(client, reverse("console_search"), q=text)


def test_the_box_over_every_page_is_answered_with_its_list(client, as_role):
    as_role()
    UserFactory(username="carpenter")
    address = reverse("admin:search")
    response = client.get(address, {"s": "carpenter", "extended": "1"}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "command-results-list" in page
    assert "carpenter" in page
    assert "<html" not in page


# All about one person


def test_nobody_reads_a_chapter_that_is_not_for_their_role(client, as_role):
    person = UserFactory(creator=True)
    Model3DFactory(listed=True, creator=person, title="Walnut chest")
    order_of(person, Model3DFactory(listed=True))
    address = reverse("console_person", args=[person.pk])
    as_role(EDITORS)
    assert client.get(address).status_code == 403
    as_role(MODERATORS)
    page = text_of(client, address)
    assert "Walnut chest" in page
    assert ">Orders</h2>" not in page
    as_role(FINANCE)
    page = text_of(client, address)
    assert ">Orders</h2>" in page
    assert "Walnut chest" not in page


def test_what_somebody_did_stands_on_one_page(client, as_role, django_assert_max_num_queries):
    chief = as_role()
    person = UserFactory(username="eve", creator=True)
    model = Model3DFactory(listed=True, creator=person, title="Walnut chest")
    community = CommunityFactory(owner=person, name="Hard surface")
    posted(community, person, "Look at **this**.")
    report(find("model", str(model.pk), user=chief), by=chief, reason=Report.Reason.STOLEN)
    standing.suspend(user=person, by=chief, reason="Sells what is not theirs.")
    address = reverse("console_person", args=[person.pk])
    page = text_of(client, address)
    for words in (
        "Walnut chest",
        "Hard surface",
        "Look at this",
        "Sells what is not theirs.",
        "User: suspended",
    ):
        assert words in page, words
    text_of(client, address)
    with django_assert_max_num_queries(60) as few:
        text_of(client, address)
    Model3DFactory.create_batch(8, creator=person)
    with django_assert_max_num_queries(len(few)):
        page = text_of(client, address)
    assert "Older ones" in page


def test_nobody_is_found_under_a_number_that_nobody_has(client, as_role):
    as_role()
    assert client.get(reverse("console_person", args=[10**12])).status_code == 404


# The lists


def test_a_list_is_not_taken_away_without_the_permission(client, as_role):
    as_role(MODERATORS)
    assert client.get(reverse("admin:marketplace_tag_export")).status_code == 403
    assert ">CSV</a>" not in text_of(client, reverse("admin:marketplace_tag_changelist"))
    as_role(FINANCE)
    assert client.get(reverse("admin:marketplace_tag_export")).status_code == 403


def test_a_list_is_taken_away_as_it_is_filtered_and_that_is_written_down(client, as_role):
    chief = as_role()
    CategoryFactory(name="=HYPERLINK()", slug="a", order=1)
    CategoryFactory(name="Furniture", slug="b", order=2)
    CategoryFactory(name="Cars", slug="c", order=3, enabled=False)
    address = reverse("admin:marketplace_category_export")
    page = text_of(client, reverse("admin:marketplace_category_changelist"), enabled__exact="1")
    assert f'href="{address}?enabled__exact=1"' in page
    response = client.get(address, {"enabled__exact": "1"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[0].startswith("Name,")
    assert [line.split(",")[0] for line in lines[1:]] == ["'=HYPERLINK()", "Furniture"]
    entry = chief_entries(chief).get(action="console.exported")
    assert entry.data == {"list": "marketplace.Category", "query": "enabled__exact=1"}
    assert client.get(address, {"no_such": "1"}).status_code == 302


def test_a_long_list_is_read_a_few_rows_at_a_time(client, as_role, monkeypatch):
    monkeypatch.setattr("core.desk._ROWS_AT_ONCE", 2)
    as_role()
    people = UserFactory.create_batch(5)
    response = client.get(reverse("admin:accounts_user_export"))
    text = b"".join(response.streaming_content).decode()
    assert all(person.email in text for person in people)
    assert len(text.splitlines()) == 1 + 5 + 1
    assert "<" not in text


def test_a_long_list_is_not_counted_to_its_end(client, as_role, monkeypatch):
    monkeypatch.setattr("core.desk.CappedPaginator.MOST", 2)
    as_role()
    UserFactory.create_batch(5)
    assert "more than 2 users" in text_of(client, reverse("admin:accounts_user_changelist"))


def test_what_is_changed_by_a_form_is_in_the_audit_log(client, as_role):
    chief = as_role()
    category = CategoryFactory(name="Cars", slug="cars")
    address = reverse("admin:marketplace_category_change", args=[category.pk])
    data = {
        "name": "Vehicles",
        "slug": "cars",
        "description": "",
        "icon": "box",
        "enabled": "on",
        "order": "1",
    }
    assert client.post(address, data).status_code == 302
    entry = chief_entries(chief).get(action="marketplace.category.changed")
    assert entry.object_repr == "Vehicles"
    assert "Name" in str(entry.data)
    client.post(reverse("admin:marketplace_category_delete", args=[category.pk]), {"post": "yes"})
    assert chief_entries(chief).filter(action="marketplace.category.deleted").count() == 1


@pytest.mark.full
def test_every_list_of_the_console_opens_and_can_be_taken_away(client, as_role):
    as_role()
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        # Their lists are pages of their own.
        if model._meta.model_name in {"siteday", "mailcampaign"}:
            continue
        assert client.get(reverse(f"{name}_changelist")).status_code == 200, name
        response = client.get(reverse(f"{name}_export"))
        assert response.status_code == 200, name
        b"".join(response.streaming_content)
