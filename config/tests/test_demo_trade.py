"""The demo's trade: it happened in order, once, and the books hold."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from commerce.exceptions import ProviderUnavailable
from commerce.ledger import balance_of
from commerce.models import (
    Bounty,
    CartItem,
    CreditNote,
    Dispute,
    Invoice,
    LedgerEntry,
    LedgerMovement,
    Order,
    Payment,
    Payout,
    Purchase,
    Refund,
    Review,
    SandboxEvent,
    SavedPaymentMethod,
    SiteDay,
    Subscription,
    Transaction,
    WebhookEvent,
)
from config.demo import trade
from config.demo.accounts import ensure_creator, ensure_demo_accounts
from config.demo.catalogue import CATALOGUE, CATEGORIES, CREATORS
from config.demo.catalogue.bounties import BOUNTIES, MADE_FOR_BOUNTIES
from config.demo.catalogue.society import MEMBERS
from config.demo.catalogue.trade import ADDRESSES, ORDERS
from config.demo.clock import at
from core.models import OutgoingMail
from marketplace.models import DailyStats
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db
BY_SLUG = {entry.slug: entry for entry in CATALOGUE}
TRADED = {slug for order in ORDERS for slug in order.models}
ENTRIES = [entry for entry in CATALOGUE if entry.slug in TRADED | MADE_FOR_BOUNTIES]
TABLES = (
    CartItem,
    Order,
    Payment,
    LedgerEntry,
    Purchase,
    Refund,
    Dispute,
    Payout,
    Subscription,
    Bounty,
    Invoice,
    CreditNote,
    Review,
    WebhookEvent,
    SavedPaymentMethod,
)


@pytest.fixture
def people(settings, tmp_path):
    """Those who trade."""
    settings.VAR_DIR = tmp_path
    for entry in CREATORS:
        ensure_creator(entry.username, full_name=entry.full_name, profile={})
    for entry in CATEGORIES:
        CategoryFactory(name=entry.name)
    return ensure_demo_accounts()


@pytest.fixture
def shop(people):
    """The models that are traded too, as the loading leaves them: they came one after another."""
    creators = {user.username: user for user in User.objects.filter(is_demo=True)}
    category = CategoryFactory()
    for place, entry in enumerate(ENTRIES):
        made = {"with_file": True}
        if entry.slug not in MADE_FOR_BOUNTIES:
            published = timezone.now() - timedelta(days=74 - 70 * place / len(ENTRIES))
            made = {"listed": True, "published_at": published}
        Model3DFactory(
            creator=creators[entry.creator], title=entry.title, price=entry.price, category=category, **made
        )
    return people


def output(command: str) -> str:
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_nobody_trades_who_is_not_there_nor_anything_that_is_not_there():
    names = {member.username for member in MEMBERS} | {entry.username for entry in CREATORS} | {"buyer"}
    paid = {entry.slug for entry in CATALOGUE if entry.price}
    assert len({order.key for order in ORDERS}) == len(ORDERS)
    for order in ORDERS:
        assert order.buyer in ADDRESSES
        assert set(order.models) <= paid - MADE_FOR_BOUNTIES
        about = {said.slug for said in order.opinions} | ({order.refund.slug} if order.refund else set())
        assert about <= set(order.models)
    for bounty in BOUNTIES:
        assert bounty.poster in ADDRESSES
        for application in bounty.applications:
            assert application.applicant in names
            assert not application.work or BY_SLUG[application.work].creator == application.applicant
        assert {said.author for said in bounty.remarks} <= names


def test_the_clock_is_turned_back_for_a_deed_alone_and_also_where_it_fails():
    before = timezone.now()
    with pytest.raises(ZeroDivisionError), at(before - timedelta(days=30)):
        assert timedelta(0) <= timezone.now() - (before - timedelta(days=30)) < timedelta(hours=1)
        assert Order._meta.get_field("created_at").default() < before - timedelta(days=29)
        assert isinstance(before, timezone.datetime)
        raise ZeroDivisionError
    assert timezone.now() >= before


@pytest.mark.full
def test_the_books_hold_however_often_it_is_loaded_and_nothing_waits_for_a_person(shop):
    mails = OutgoingMail.objects.count()
    SiteDay.objects.create(day=timezone.now().date() - timedelta(days=1))
    trade.populate(ENTRIES, shop)
    before = [table.objects.count() for table in TABLES]
    call_command("audit_ledger")
    assert "Nothing is stuck." in output("reconcile_payments")
    trade.populate(ENTRIES, shop)
    assert [table.objects.count() for table in TABLES] == before
    assert not WebhookEvent.objects.exclude(error="").exists()
    assert not SandboxEvent.objects.filter(delivered_at=None).exists()
    assert not SiteDay.objects.exists(), "days are read from the ledger again"
    assert OutgoingMail.objects.count() == mails, "nobody gets mail about what was weeks ago"


def test_there_is_something_of_everything_in_the_order_in_which_it_happened(shop):
    trade.populate(ENTRIES, shop)
    _check_money(shop)
    _check_bounties_and_plans(shop)
    _check_times()


def _check_money(people):
    creator, buyer = people["creator"], people["buyer"]
    done = Order.objects.completed()
    assert set(done.values_list("transactions__payment_method", flat=True)) >= {"card", "paypal", "crypto"}
    assert done.filter(discount_amount__gt=0).count() == 1
    assert done.filter(tax_amount__gt=0).exists()
    assert Refund.objects.filter(kind=Refund.Kind.SALE, status=Refund.Status.COMPLETED).count() == 1
    waiting = Refund.objects.get(status=Refund.Status.REQUESTED)
    assert waiting.awaits_seller
    assert (waiting.requested_by, waiting.transaction.seller) == (buyer, creator)
    assert sorted(Dispute.objects.values_list("status", flat=True)) == ["opened", "won"]
    payouts = Payout.objects.of_seller(creator).order_by("pk")
    assert [payout.status for payout in payouts] == [Payout.Status.PAID, Payout.Status.REQUESTED]
    assert SavedPaymentMethod.objects.of_user(buyer).usable().count() == 2
    assert balance_of(creator).held > 0
    in_cart = CartItem.objects.of_user(buyer).values_list("saved_for_later", flat=True)
    assert sorted(in_cart) == [False, False, True]
    sold = Transaction.objects.filter(payment_status="completed", amount__gt=0)
    assert sum(DailyStats.objects.values_list("sales", flat=True)) == sold.count()


def _check_bounties_and_plans(people):
    plans = Subscription.objects.values_list("plan__slug", "state")
    assert sorted(plans) == [("pro", "active"), ("pro", "trialing"), ("studio", "active")]
    assert sorted(Bounty.objects.values_list("status", flat=True)) == ["awarded", "expired", "open", "open"]
    assert all(bounty.comments_count for bounty in Bounty.objects.all())
    assert Bounty.objects.get(status="awarded").winner == people["creator"]
    assert Payment.objects.filter(purpose=Payment.Purpose.BOUNTY, status=Payment.Status.REFUNDED).exists()
    assert Review.objects.filter(model__price__gt=0).count() == sum(len(order.opinions) for order in ORDERS)


def _check_times():
    now = timezone.now()
    for line in Transaction.objects.filter(completed_at__isnull=False).select_related("model", "order"):
        assert now - timedelta(days=76) < line.created_at <= now
        assert abs(line.completed_at - line.created_at) < timedelta(hours=1)
        assert line.model.published_at is None or line.model.published_at < line.order.created_at
    assert len(set(LedgerMovement.objects.values_list("created_at__date", flat=True))) > 25
    for purchase in Purchase.objects.select_related("review"):
        links = [link.created_at for link in purchase.links.all()]
        assert all(purchase.created_at <= moment <= now for moment in links)
        review = getattr(purchase, "review", None)
        assert review is None or min(links) < review.created_at <= now
    issued = list(Invoice.objects.order_by("pk").values_list("issued_at", flat=True))
    assert issued == sorted(issued)


@pytest.mark.full
def test_what_was_interrupted_goes_on_where_it_ended(people, monkeypatch):
    camera = next(entry for entry in ENTRIES if entry.slug == "rangefinder-camera")
    seller = User.objects.get(username=camera.creator)
    published = timezone.now() - timedelta(days=74)
    Model3DFactory(
        creator=seller, title=camera.title, price=camera.price, listed=True, published_at=published
    )
    with monkeypatch.context() as broken:
        broken.setattr("config.demo.trade.orders.make_link", _fails)
        with pytest.raises(ProviderUnavailable):
            trade.populate(ENTRIES, people)
    assert not Purchase.objects.filter(download_count__gt=0).exists()
    trade.populate(ENTRIES, people)
    assert Purchase.objects.filter(download_count=1).count() == 1
    assert Order.objects.count() == len([entry for entry in ORDERS if entry.models == (camera.slug,)])
    call_command("audit_ledger")


def _fails(*args, **kwargs):
    raise ProviderUnavailable("The storage is away.")


def test_without_its_models_nothing_is_sold_and_the_bounties_are_there(people):
    trade.populate(ENTRIES, people)
    assert not Order.objects.exists()
    assert Bounty.objects.count() == len(BOUNTIES)
    call_command("audit_ledger")
