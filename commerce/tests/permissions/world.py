"""What belongs to the buyer and to the seller, made by the same calls as on the site, and words that give it away."""

from dataclasses import dataclass, field

from django.core.files.base import ContentFile

from accounts.models import User
from blog.tests.factories import CourseFactory
from commerce.actions.downloads import make_link
from commerce.actions.ordering import get_free_model
from commerce.actions.refunds import ask
from commerce.actions.reviews import answer
from commerce.actions.subscriptions.changing import change
from commerce.actions.subscriptions.ending import cancel
from commerce.documents import certificate_for, invoice_for, store
from commerce.gateways import sandbox
from commerce.models import CartItem, Interval
from commerce.tests.factories import coupon_of, order_of, put_into_cart, review_of, started_payment
from commerce.tests.payouts import IBAN, details_of, earn, payout_of
from commerce.tests.permissions.cells import (
    ADMIN,
    BUYER,
    MODERATOR,
    OTHER_BUYER,
    OTHER_SELLER,
    SELLER,
    SIGNED_IN,
)
from commerce.tests.permissions.offices import console_things
from commerce.tests.permissions.people import people
from commerce.tests.permissions.work import bounties
from commerce.tests.plans import first_plans, paid_periods, subscribed
from commerce.tests.refunding import credited, downloaded, plan_credited, sold
from marketplace.models import ModelDocument
from marketplace.tests.factories import Model3DFactory


@dataclass
class World:
    """`things` has the arguments of addresses by what they are about, `"?"` the query; `secrets` says who may read a
    word, and nobody else may.
    """

    people: dict[str, User | None]
    things: dict[str, dict] = field(default_factory=dict)
    secrets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)

    def hide(self, word: object, *roles: str) -> None:
        self.secrets[str(word)] = roles


def made_world() -> World:
    world = World(people())
    buyer, seller = world.people[BUYER], world.people[SELLER]
    _sales(world, buyer, seller)
    _unpaid(world, buyer)
    _carts(world)
    _money(world, seller)
    _plans(world, buyer)
    bounties(world, buyer, seller)
    for user, role in ((buyer, BUYER), (seller, SELLER)):
        world.hide(user.email, role)
    world.hide(IBAN)
    console_things(world)
    world.things["figures"] = {"table": "days"}
    world.things["webhook"] = {"provider": "sandbox"}
    world.things["no_provider"] = {"provider": "nobody"}
    world.things["seller"] = {"username": seller.username}
    course = CourseFactory(published=True, price=29, instructor=seller)
    world.things["course_for_sale"] = {"slug": course.slug}
    return world


def _sales(world: World, buyer: User, seller: User) -> None:
    """A sale with everything that follows from one, and others that stand at a refund."""
    desk, stool, shelf = Model3DFactory.create_batch(3, listed=True, creator=seller)
    gift = Model3DFactory(listed=True, free=True, creator=seller)
    document = ModelDocument.objects.create(
        model=desk, kind="txt", name="notes.txt", file=ContentFile(b"notes", "notes.txt"), size=5
    )
    purchase = sold(buyer, desk)
    other = sold(world.people[OTHER_BUYER], desk)
    link, order = make_link(purchase), purchase.transaction.order
    certificate, invoice = certificate_for(purchase), invoice_for(order)
    store(invoice)
    note = credited(buyer, shelf)
    store(note)
    review = review_of(buyer, desk)
    answer(review=review, body="Thank you.")
    asked = downloaded(sold(buyer, stool))
    refund = ask(purchase=asked, by=buyer, reason="quality", text="The seat is crooked.")
    get_free_model(buyer=buyer, model_id=gift.pk)
    free = buyer.purchases.get(model=gift)
    world.things |= {
        "order_paid": {"order_id": order.public_id},
        "receipt": {"?": f"?order={order.public_id}"},
        "purchase": {"purchase_id": purchase.public_id},
        "asked_purchase": {"purchase_id": asked.public_id},
        "free_purchase": {"purchase_id": free.public_id},
        "certificate": {"certificate_id": certificate.public_id},
        "credit_note": {"order_id": note.invoice.order.public_id, "number": note.number},
        "download": {"token": link.token},
        "download_file": {"token": link.token, "file_id": desk.current_file.public_id},
        "download_document": {"token": link.token, "document_id": document.public_id},
        "asked_refund": {"refund_id": refund.public_id},
        "desk": {"model_id": desk.pk},
        "review": {"model_id": desk.pk, "review_id": review.pk},
    }
    charge = order.payments.get().provider_id
    world.things["charge_paid"] = {"charge_id": charge}
    for word in (order.public_id, purchase.public_id, asked.public_id, free.public_id, link.token):
        world.hide(word, BUYER)
    for word in (invoice.number, note.number, charge):
        world.hide(word, BUYER)
    world.hide(refund.public_id, BUYER, SELLER)
    world.hide(other.public_id, OTHER_BUYER)


def _unpaid(world: World, buyer: User) -> None:
    """Orders that wait for money: one at its beginning, one at the bank's question."""
    lamp, clock = Model3DFactory.create_batch(2, listed=True)
    payment = started_payment(order_of(buyer, lamp))
    CartItem.objects.filter(user=buyer).delete()
    confirming = started_payment(order_of(buyer, clock))
    sandbox.pay(confirming.provider_id, sandbox.CARD_CONFIRMS)
    world.things |= {
        "order": {"order_id": payment.order.public_id},
        "payment": {"payment_id": payment.public_id},
        "charge": {"charge_id": payment.provider_id},
        "charge_confirming": {"charge_id": confirming.provider_id},
    }
    world.hide(payment.order.public_id, BUYER)
    world.hide(payment.public_id, BUYER)


def _carts(world: World) -> None:
    """Everybody has something in the cart, and something they could put there."""
    vase, bowl, jug = Model3DFactory.create_batch(3, listed=True)
    CartItem.objects.all().delete()
    for role in SIGNED_IN:
        put_into_cart(world.people[role], vase)
    leaflet = Model3DFactory(listed=True, free=True)
    draft = Model3DFactory(with_file=True, creator=world.people[SELLER], title="Unseen armillary sphere")
    coupon_of("10", code="SPRING")
    world.things |= {
        "in_cart": {"model_id": vase.pk},
        "for_sale": {"model_id": bowl.pk},
        "free_model": {"model_id": leaflet.pk},
        "draft": {"model_id": draft.pk},
    }
    world.hide(draft.title, SELLER, MODERATOR, ADMIN)
    world.values["jug"] = jug


def _money(world: World, seller: User) -> None:
    """The seller waits for a payout; the other one could ask for one."""
    details_of(seller)
    earn(seller, "300.00")
    payout = payout_of(seller, "100.00")
    other = world.people[OTHER_SELLER]
    details_of(other)
    earn(other, "300.00")
    world.things["payout"] = {"payout_id": payout.public_id}
    world.things["month"] = {"year": 2026, "month": 1}
    world.hide(payout.public_id, SELLER)


def _plans(world: World, buyer: User) -> None:
    """The buyer has a plan, the other buyer's is cancelled, the seller's will be a smaller one."""
    plans = first_plans()
    card_of = subscribed(buyer, plans["pro"])
    subscribed(world.people[OTHER_BUYER], plans["pro"])
    cancel(user=world.people[OTHER_BUYER])
    subscribed(world.people[SELLER], plans["studio"])
    change(user=world.people[SELLER], plan=plans["pro"], interval=Interval.MONTH, shown=0)
    note = plan_credited(world.people[OTHER_BUYER])
    store(note)
    card = buyer.saved_payment_methods.get()
    receipt = paid_periods(card_of)[0]
    world.things |= {
        "plan": {"slug": plans["pro"].slug},
        "card": {"card_id": card.public_id},
        "plan_receipt": {"period_id": receipt.public_id},
        "plan_credit_note": {"period_id": note.invoice.period.public_id, "number": note.number},
    }
    world.hide(note.number, OTHER_BUYER)
    world.hide(card.public_id, BUYER)
    world.hide(receipt.public_id, BUYER)
    world.values["subscription"] = card_of
