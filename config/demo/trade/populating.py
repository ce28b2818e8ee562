"""All that is traded in the demo, from its first day to today."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from commerce.availability import owned_ids
from commerce.models import CartItem, Coupon, EarningsDay, SiteDay, TaxRate
from commerce.ratings import refresh_prior
from config.demo.accounts import ensure_member
from config.demo.catalogue import CREATORS
from config.demo.catalogue.bounties import BOUNTIES, MADE_FOR_BOUNTIES
from config.demo.catalogue.entry import DemoModel
from config.demo.catalogue.society import MEMBERS
from config.demo.catalogue.trade import CART, COUPON, ORDERS, SAVED_FOR_LATER, TAX_RATES
from config.demo.trade import bounties, orders, payouts, plans
from config.demo.trade.shop import Deed, Shop, do
from core.models import AuditEntry
from marketplace.creator_days import sum_up_days
from marketplace.models import Model3D
from marketplace.statistics import refresh_trending

# Days ago: when the buyer's cart was filled, and since when people have been here at least.
FILLED, HERE = 0.5, 90
RATES_FROM = date(2025, 1, 1)


def populate(entries: list[DemoModel], people: dict[str, User]) -> None:
    """Trade with the models of `entries` that are there; `people` are the demo's accounts by their names."""
    shop = _open(entries, people)
    _set_terms(people)
    deeds: list[Deed] = [*payouts.deeds_of(shop), *plans.deeds_of(shop)]
    for order in ORDERS:
        deeds += orders.deeds_of(order, shop)
    for bounty in BOUNTIES:
        deeds += bounties.deeds_of(bounty, shop)
    deeds.append(Deed(shop.ago(FILLED), lambda: _fill_cart(shop)))
    done = shop.ago(HERE)
    for deed in sorted(deeds, key=lambda deed: deed.when):
        done = do(deed, not_before=done)
    _count_anew(shop)


def _open(entries: list[DemoModel], people: dict[str, User]) -> Shop:
    people = people | {member.username: ensure_member(member) for member in MEMBERS}
    creators = User.objects.filter(username__in=[entry.username for entry in CREATORS], is_demo=True)
    # Nobody sold, or said, anything before they came.
    here = timezone.now() - timedelta(days=HERE)
    User.objects.filter(is_demo=True, created_at__gt=here).update(created_at=here)
    people = people | {creator.username: creator for creator in creators}
    found = Model3D.objects.filter(creator__in=creators).not_removed().with_card_data()
    by_name = {(model.creator.username, model.title): model for model in found}
    models = {
        entry.slug: by_name[entry.creator, entry.title]
        for entry in entries
        if (entry.creator, entry.title) in by_name
    }
    return Shop(
        now=timezone.now(),
        people=people,
        models={
            slug: model
            for slug, model in models.items()
            if (model.is_open_to_all and model.published_at) or slug in MADE_FOR_BOUNTIES
        },
    )


def _set_terms(people: dict[str, User]) -> None:
    """What finance has entered: a coupon, and the taxes of some countries; where there are such, those hold."""
    finance = people["finance"]
    code, percent = COUPON[0], Decimal(COUPON[1])
    if not Coupon.objects.with_code(code).exists():
        coupon = Coupon.objects.create(code=code, percent=percent)
        AuditEntry.record(actor=finance, action="coupon.add", target=coupon, code=code, percent=str(percent))
    for country, percent in TAX_RATES:
        if not TaxRate.objects.filter(country=country).exists():
            rate = TaxRate.objects.create(country=country, percent=Decimal(percent), valid_from=RATES_FROM)
            AuditEntry.record(
                actor=finance, action="tax_rate.add", target=rate, country=country, percent=str(percent)
            )


def _fill_cart(shop: Shop) -> None:
    buyer = shop.people["buyer"]
    slugs = [slug for slug in (*CART, *SAVED_FOR_LATER) if slug in shop.models]
    owned = owned_ids(buyer, [shop.models[slug].pk for slug in slugs])
    if CartItem.objects.of_user(buyer).exists() or owned:
        return
    for slug in slugs:
        orders.put_into_cart(buyer, shop.models[slug], saved=slug in SAVED_FOR_LATER)


def _count_anew(shop: Shop) -> None:
    """Days that were over, and counted, have got sales since: what was kept of them is read again."""
    first = shop.ago(max(entry.days for entry in (*ORDERS, *BOUNTIES)))
    SiteDay.objects.filter(day__gte=first.date()).delete()
    EarningsDay.objects.filter(seller__in=shop.people.values()).delete()
    sum_up_days()
    refresh_trending()
    refresh_prior()
