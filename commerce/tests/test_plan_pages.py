"""The pricing page and “Plan and billing”: who sees what, and that each press does what it says."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.actions.subscriptions.ending import cancel, extend
from commerce.actions.subscriptions.renewing import renew_due
from commerce.actions.subscriptions.subscribing import start_trial
from commerce.gateways.sandbox.sources import CARD_DECLINED_LATER
from commerce.models import Interval, Payment, Plan, Subscription, SubscriptionPeriod, TaxRate
from commerce.tests.plans import (
    COUNTRY,
    begin,
    charged,
    first_plans,
    of,
    paid_periods,
    pay,
    subscribed,
)
from core.models import AuditEntry
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
State = Subscription.State
MONTH, YEAR = Interval.MONTH, Interval.YEAR


@pytest.fixture
def plans():
    return first_plans()


@pytest.fixture
def person(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def order_address(slug: str, per: str = "month", **query) -> str:
    rest = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{reverse('commerce:plan_order', args=[slug])}?per={per}{rest}"


def buttons(text: str) -> list[str]:
    """The labels of the cards' buttons, and what stands where there is none."""
    cards = re.findall(
        r'<li class="panel plan-card.*?</li>\s*(?=<li class="panel|</ul>\s*<section)', text, re.DOTALL
    )
    found = []
    for card in cards:
        label = re.search(r'class="btn btn-block[^>]*>([^<]*)<', card) or re.search(
            r'plan-card-here">.*?</svg>([^<]*)<', card, re.DOTALL
        )
        found.append(label[1] if label else "")
    return found


def test_a_visitor_sees_every_plan_and_is_led_to_the_login(client, plans):
    response = client.get(reverse("commerce:pricing"))
    text = response.content.decode()
    assert buttons(text) == ["Create an account", "Try it for 14 days", "Try it for 14 days"]
    assert '"@type": "FAQPage"' in text
    assert client.get(order_address("pro")).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("per", ["month", "", "week", "\0", "9" * 99])
def test_prices_are_by_the_month_unless_years_are_asked_for(client, plans, per):
    assert "$12.00" in client.get(reverse("commerce:pricing"), {"per": per}).content.decode()
    text = client.get(reverse("commerce:pricing"), {"per": "year"}).content.decode()
    assert "$10.00" in text
    assert "$120.00 paid by the year" in text


def test_the_page_stands_without_any_plan(client, db):
    Plan.objects.all().delete()
    assert "No plans at the moment" in client.get(reverse("commerce:pricing")).content.decode()


def test_the_cards_say_what_the_one_who_looks_can_do(client, plans, person):
    def labels(per="month"):
        return buttons(client.get(reverse("commerce:pricing"), {"per": per}).content.decode())

    assert labels() == ["Your plan", "Try it for 14 days", "Try it for 14 days"]
    subscribed(person, plans["pro"])
    assert labels() == ["Go back to Free", "See your plan", "Change up to Studio"]
    assert labels("year") == ["Go back to Free", "Change to yearly payment", "Change up to Studio"]
    cancel(user=person)
    assert labels() == ["After your plan ends", "See your plan", "See your plan"]
    other = UserFactory()
    client.force_login(other)
    subscribed(other, plans["studio"], YEAR)
    assert labels() == ["Go back to Free", "Change to Pro", "Change to monthly payment"]


def test_the_amount_is_shown_for_the_country_before_anything_is_paid(client, plans, person):
    TaxRate.objects.create(country="ES", name="IVA", percent=Decimal(21), valid_from="2020-01-01")
    assert "Pay $" not in client.get(order_address("pro")).content.decode()
    text = client.get(order_address("pro", country="ES")).content.decode()
    assert "IVA 21 %" in text
    assert "Pay $14.52" in text
    response = client.get(order_address("pro", country="XX"))
    assert "Choose a country from the list" in response.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"shown": "11.00"}, "$12.00 now instead of $11.00"),
        ({"shown": "NaN"}, "out of date"),
        ({"shown": "-12.00"}, "out of date"),
        ({"shown": "12.001"}, "out of date"),
        ({"shown": "9" * 40}, "out of date"),
        ({"method": "gold"}, "Choose how to pay"),
        ({"method": ""}, "Choose how to pay"),
        ({"country": "XX"}, "Select a valid choice"),
    ],
)
def test_a_wrong_order_is_told_and_begins_nothing(client, plans, person, wrong, words):
    data = {"country": COUNTRY, "shown": "12.00", "method": "card"} | wrong
    response = client.post(order_address("pro", country=COUNTRY), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize("slug", ["free", "nothing", "studio"])
def test_what_cannot_be_had_has_no_page(client, plans, person, slug):
    Plan.objects.filter(slug="studio").update(is_active=False)
    assert client.get(order_address(slug)).status_code == 404
    assert client.post(reverse("commerce:plan_trial", args=[slug])).status_code == 404


def test_subscribing_leads_to_the_provider_and_back_to_the_plan(client, plans, person):
    data = {"country": COUNTRY, "shown": "12.00", "method": "card"}
    response = client.post(order_address("pro"), data)
    assert "/sandbox/" in response.url
    payment = Payment.objects.get()
    assert "waits for you" in client.get(reverse("commerce:plan")).content.decode()
    pay(payment)
    response = client.get(reverse("commerce:payment_state", args=[payment.public_id]))
    assert response.url == reverse("commerce:plan")
    text = client.get(response.url).content.decode()
    assert "It is renewed on" in text
    assert "Visa ending in 4242" in text
    receipt = reverse("commerce:plan_receipt", args=[paid_periods(of(person))[0].public_id])
    assert receipt in text
    assert "$12.00" in client.get(receipt).content.decode()


def test_a_trial_begins_with_one_press_and_only_once(client, plans, person):
    address = reverse("commerce:plan_trial", args=["pro"])
    assert "per=month" in client.post(address).url
    assert client.post(address, {"country": COUNTRY}).url == reverse("commerce:plan")
    assert of(person).state == State.TRIALING
    assert "You have given no card" in client.get(reverse("commerce:plan")).content.decode()
    response = client.post(address, {"country": COUNTRY}, follow=True)
    assert "You have Pro already" in response.content.decode()


def test_changing_up_says_what_it_costs_and_charges_that(client, plans, person):
    subscribed(person, plans["pro"])
    text = client.get(order_address("studio")).content.decode()
    assert "Pay $27.00 with Visa ending in 4242" in text
    response = client.post(order_address("studio"), {"shown": "1.00"})
    assert response.status_code == 422
    assert client.post(order_address("studio"), {"shown": "27.00"}).url == reverse("commerce:plan")
    assert (of(person).plan, charged(person)) == (plans["studio"], Decimal("39.00"))


def test_a_change_that_the_card_declines_leads_to_the_payment(client, plans, person):
    subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    response = client.post(order_address("studio"), {"shown": "27.00"}, follow=True)
    assert "Try again" in response.content.decode()


def test_changing_down_is_planned_said_and_taken_back(client, plans, person):
    subscribed(person, plans["studio"])
    assert "You keep Studio until" in client.get(order_address("pro")).content.decode()
    client.post(order_address("pro"), {"shown": "0.00"})
    assert "it becomes Pro, monthly" in client.get(reverse("commerce:plan")).content.decode()
    assert client.post(reverse("commerce:plan_change")).status_code == 405
    client.post(reverse("commerce:plan_change"), {"_method": "delete"})
    assert of(person).next_plan is None


def test_cancelling_asks_first_and_resuming_is_one_press(client, plans, person):
    address = reverse("commerce:plan_cancellation")
    assert client.get(address).url == reverse("commerce:plan")
    assert "no plan to cancel" in client.post(address, follow=True).content.decode()
    subscribed(person, plans["pro"])
    assert "Cancel Pro?" in client.get(address).content.decode()
    assert of(person).state == State.ACTIVE
    client.post(address)
    assert of(person).state == State.CANCELLED
    assert "Resume Pro" in client.get(reverse("commerce:plan")).content.decode()
    client.post(address, {"_method": "delete"})
    assert of(person).state == State.ACTIVE


def test_what_is_overdue_can_be_paid_from_the_page(client, plans, person, clock):
    clock.to(clock.now)
    subscription = subscribed(person, plans["pro"], card=CARD_DECLINED_LATER)
    Subscription.objects.filter(pk=subscription.pk).update(due_at=clock.now)
    clock.to(subscription.period_end)
    renew_due()
    client.force_login(person)
    text = client.get(reverse("commerce:plan")).content.decode()
    assert "A payment is overdue" in text
    address = reverse("commerce:plan_payment")
    assert client.post(address, {"shown": "1.00", "method": "card"}).status_code == 422
    assert "/sandbox/" in client.post(address, {"shown": "12.00", "method": "card"}).url


def test_the_next_period_can_be_paid_by_hand_soon_before_it_begins(client, plans, person, clock):
    subscription = subscribed(person, plans["pro"])
    client.force_login(person)
    assert "Pay the next month now" not in client.get(reverse("commerce:plan")).content.decode()
    clock.to(subscription.period_end - timedelta(days=10))
    client.force_login(person)
    assert "Pay the next month now" in client.get(reverse("commerce:plan")).content.decode()
    client.post(reverse("commerce:plan_payment"), {"shown": "12.00", "method": "card"})
    pay(Payment.objects.order_by("pk").last())
    after = of(person)
    assert (after.state, after.period_start) == (State.ACTIVE, subscription.period_end)
    clock.to(subscription.period_end)
    renew_due()
    assert charged(person) == Decimal("24.00")


def test_cards_are_chosen_and_removed_by_their_person_alone(client, plans, person):
    subscribed(person, plans["pro"])
    own = person.saved_payment_methods.get()
    subscribed(UserFactory(), plans["pro"])
    theirs = own.__class__.objects.exclude(user=person).get()
    for card, status in ((theirs, 404), (own, 302)):
        address = reverse("commerce:plan_card", args=[card.public_id])
        assert client.post(address).status_code == status
        assert client.post(address, {"_method": "delete"}).status_code == status
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.is_kept, theirs.is_kept) == (False, True)
    assert "No card is kept" in client.get(reverse("commerce:plan")).content.decode()


def test_nobody_sees_the_receipt_of_another_or_one_that_was_not_paid(client, plans, person):
    theirs = paid_periods(subscribed(UserFactory(), plans["pro"]))[0]
    begin(person, plans["pro"])
    unpaid = SubscriptionPeriod.objects.of_user(person).get()
    for period in (theirs, unpaid):
        assert client.get(reverse("commerce:plan_receipt", args=[period.public_id])).status_code == 404


def test_limits_that_are_passed_are_said_to_stay(client, plans, person, settings):
    settings.PRIVATE_MODELS = 0
    text = client.get(reverse("commerce:plan")).content.decode()
    assert "more than your plan allows" not in text
    Model3DFactory(creator=person, visibility="private")
    assert "more than your plan allows" in client.get(reverse("commerce:plan")).content.decode()


def test_the_history_costs_as_many_queries_however_long_it_is(client, plans, person):
    subscription = subscribed(person, plans["pro"])
    first = paid_periods(subscription)[0]

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("commerce:plan")).status_code == 200
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            payment = Payment.objects.create(
                payer=person,
                purpose="subscription",
                method="card",
                provider="sandbox",
                amount=12,
                currency="USD",
            )
            SubscriptionPeriod.objects.create(
                subscription=subscription,
                kind="renewal",
                state="failed",
                plan=first.plan,
                interval="month",
                price=12,
                start=first.start,
                end=first.end,
                amount=12,
                payment=payment,
            )

    queries()
    one = queries()
    add(23)
    assert queries() == one
    add(76)
    assert queries() == one


def test_the_pricing_page_costs_few_queries(client, plans, person, django_assert_max_num_queries):
    subscribed(person, plans["pro"])
    client.get(reverse("commerce:pricing"))
    with django_assert_max_num_queries(9):
        client.get(reverse("commerce:pricing"))


# ---------------------------------------------------------------------------------------------- the console


def in_role(name: str):
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


SUBMITTED = {"_form_submitted": "on"}
LISTS = ["plan", "subscription", "subscriptionperiod"]


@pytest.mark.parametrize("name", LISTS)
def test_the_console_shows_plans_to_finance_and_support_alone(client, plans, name):
    address = reverse(f"admin:commerce_{name}_changelist")
    subscribed(UserFactory(), plans["pro"])
    for role, status in (("Moderators", 403), ("Support agents", 200), ("Finance", 200)):
        client.force_login(in_role(role))
        assert client.get(address).status_code == status


def act(client, what: str, subscription, **data):
    address = reverse(f"admin:commerce_subscription_{what}", args=[subscription.pk])
    return client.post(address, SUBMITTED | data)


def test_only_finance_acts_on_subscriptions_and_it_is_recorded(client, plans, clock):
    subscription = subscribed(UserFactory(), plans["pro"], card=CARD_DECLINED_LATER)
    client.force_login(in_role("Support agents"))
    assert act(client, "extend", subscription, days=3).status_code == 403
    client.force_login(in_role("Finance"))
    act(client, "extend", subscription, days=3)
    assert of(subscription.user).period_end == subscription.period_end + timedelta(days=3)
    clock.to(of(subscription.user).period_end)
    renew_due()
    act(client, "retry", subscription)
    assert of(subscription.user).attempts == 2
    act(client, "cancel", subscription)
    assert of(subscription.user).state == State.EXPIRED
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"subscription.extend", "subscription.retry", "subscription.cancel"} <= actions


def test_finance_changes_a_plan_and_it_is_recorded(client, plans):
    client.force_login(in_role("Finance"))
    pro = plans["pro"]
    address = reverse("admin:commerce_plan_change", args=[pro.pk])
    fields = ("name", "tagline", "features", "rank", "price_monthly", "price_yearly", "trial_days")
    fields += ("max_upload_bytes", "storage_bytes", "private_models", "analytics_days", "hold_days")
    data = {name: str(getattr(pro, name)) for name in fields} | {"is_active": "on"}
    for wrong in (
        {"price_monthly": "-1"},
        {"price_monthly": "NaN"},
        {"price_yearly": "0"},
        {"hold_days": ""},
    ):
        assert client.post(address, data | wrong).status_code == 200
    assert client.post(address, data | {"price_monthly": "14.00"}).status_code == 302
    pro.refresh_from_db()
    assert pro.price_monthly == Decimal("14.00")
    assert AuditEntry.objects.get(action="plan.change").data == {"price_monthly": ["12.00", "14.00"]}
    assert (
        client.post(reverse("admin:commerce_plan_delete", args=[pro.pk]), {"post": "yes"}).status_code == 403
    )


def test_a_subscription_that_has_ended_is_not_extended(client, plans):
    admin = UserFactory(admin=True)
    subscription = subscribed(UserFactory(), plans["pro"])
    start_trial(user=admin, plan=plans["pro"], interval=MONTH, country=COUNTRY)
    extend(subscription=of(admin), days=2, by=admin)
    assert of(admin).trial_ends_at == of(admin).period_end
    client.force_login(admin)
    Subscription.objects.filter(pk=subscription.pk).update(state="expired", ended_at=subscription.period_end)
    response = client.post(
        reverse("admin:commerce_subscription_extend", args=[subscription.pk]),
        SUBMITTED | {"days": 3},
        follow=True,
    )
    assert "has ended" in response.content.decode()
