"""Orders: placed, paid, downloaded, spoken of, and what of them is asked back or contested."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from commerce.actions import refunds, reviews
from commerce.actions.downloads import make_link
from commerce.actions.ordering import place_order
from commerce.actions.telling import tell_of
from commerce.availability import owned_ids
from commerce.documents import invoice_for
from commerce.models import CartItem, Coupon, Order, Purchase, Review
from commerce.money import round_money
from commerce.quoting import Shown, quote
from commerce.statistics import count_for_day
from config.demo.catalogue.trade import DemoOpinion, DemoOrder
from config.demo.trade import contested
from config.demo.trade.shop import Deed, Shop, pay
from marketplace.models import Model3D

# Names the demo's orders among all of the site.
NAMESPACE = uuid.UUID("6b1f3f0c-7f0e-4d7b-9f44-0f6b8c1f3a52")
DOWNLOADED, TRIED = timedelta(hours=3), timedelta(days=2)


def deeds_of(entry: DemoOrder, shop: Shop) -> Iterator[Deed]:
    """Nothing where a model is not there, or came too lately to have been bought."""
    if entry.buyer not in shop.people or not shop.has(entry.models):
        return
    bought = shop.bought_at(entry.days, entry.models)
    if bought > shop.now:
        return
    yield Deed(bought, lambda: _buy(entry, shop))
    if entry.is_downloaded:
        yield Deed(min(bought + DOWNLOADED, shop.now), lambda: _download(entry))
    for said in entry.opinions:
        yield Deed(min(bought + TRIED, shop.now), lambda said=said: _say(entry, said, shop))
    if entry.refund:
        # Later than the download, which decides about it.
        asked = max(shop.ago(entry.refund.asked), bought + 2 * DOWNLOADED)
        yield Deed(min(asked, shop.now), lambda: _ask_back(entry, shop))
    if entry.dispute:
        yield from contested.deeds_of(entry.dispute, bought, shop, lambda: order_of(entry))


def put_into_cart(person: User, model: Model3D, *, saved: bool = False) -> None:
    CartItem.objects.create(
        user=person, model=model, price_when_added=round_money(model.price), saved_for_later=saved
    )
    count_for_day(model.pk, timezone.now(), carts=1)


def order_of(entry: DemoOrder) -> Order | None:
    return Order.objects.filter(checkout_key=_key(entry)).first()


def _key(entry: DemoOrder) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, entry.key)


def _buy(entry: DemoOrder, shop: Shop) -> None:
    buyer = shop.people[entry.buyer]
    models = [shop.models[slug] for slug in entry.models]
    if order_of(entry) or owned_ids(buyer, [model.pk for model in models]):
        return
    for model in models:
        put_into_cart(buyer, model)
    coupon = Coupon.objects.with_code(entry.coupon).first() if entry.coupon else None
    billing = shop.billing(entry.buyer)
    order = place_order(
        buyer=buyer,
        checkout_key=_key(entry),
        shown=Shown.of(quote(models=models, coupon=coupon, country=billing.country)),
        billing=billing,
        method=entry.method,
        coupon_code=entry.coupon,
        save_method=entry.keeps_card,
    )
    pay(order.latest_payment(), entry.source)
    tell_of(order)
    # As the last thing: the numbers of invoices follow one another.
    invoice_for(order)


def _purchases(entry: DemoOrder):
    rows = Purchase.objects.active().filter(transaction__order__checkout_key=_key(entry))
    return rows.select_related("transaction", "model__creator", "user")


def _download(entry: DemoOrder) -> None:
    for purchase in _purchases(entry).filter(download_count=0, paused_at=None):
        if purchase.files():
            make_link(purchase)


def _say(entry: DemoOrder, said: DemoOpinion, shop: Shop) -> None:
    purchase = _purchases(entry).filter(model=shop.models[said.slug]).first()
    if purchase is None or not purchase.download_count or Review.objects.filter(purchase=purchase).exists():
        return
    review = reviews.write(purchase=purchase, rating=said.rating, body=said.text)
    if said.answer:
        reviews.answer(review=review, body=said.answer)


def _ask_back(entry: DemoOrder, shop: Shop) -> None:
    """What was never downloaded goes back at once; else the seller is asked."""
    asked = entry.refund
    purchase = _purchases(entry).filter(model=shop.models[asked.slug]).first()
    if purchase is None or purchase.transaction.refunds.exists():
        return
    refund = refunds.ask(purchase=purchase, by=purchase.user, reason=asked.reason, text=asked.text)
    contested.finish(refund)
