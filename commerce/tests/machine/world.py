"""Who trades, what must hold after every step, and how everything ends."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from accounts.tests.factories import UserFactory
from blog.tests.factories import CourseFactory
from commerce.actions.bounties import working
from commerce.actions.bounties.posting import pay
from commerce.actions.payments import refresh_payment, start_payment
from commerce.actions.reconciling import reconcile
from commerce.auditing import CHECKS, failures
from commerce.exceptions import CommerceError
from commerce.gateways import sandbox
from commerce.ledger import balance, balance_of
from commerce.models import CouponUse, LedgerEntry, Payment, Purchase, Transaction
from commerce.tests.bounty_factories import unpaid_bounty, work_of
from commerce.tests.factories import BILLING, coupon_of, order_of, tax_of
from commerce.tests.payouts import details_of, finance
from commerce.tests.plans import first_plans
from marketplace.tests.factories import CategoryFactory, Model3DFactory

Account = LedgerEntry.Account
PRICES = ("0.00", "1.00", "3.33", "19.99", "250.00")
COURSE_PRICES = ("7.77", "49.00")


@dataclass
class World:
    """Made once a test; every run of the machine begins with it as it was. Sellers buy, too."""

    buyers: list = field(default_factory=lambda: UserFactory.create_batch(2))
    sellers: list = field(default_factory=lambda: UserFactory.create_batch(2, creator=True))
    finance: list = field(default_factory=lambda: [finance(), finance()])
    support: object = field(default_factory=lambda: UserFactory(admin=True))
    category: object = field(default_factory=CategoryFactory)

    def __post_init__(self):
        self.people = [*self.buyers, *self.sellers]
        self.models = [
            Model3DFactory(listed=True, creator=self.sellers[number % 2], price=Decimal(price))
            for number, price in enumerate(PRICES)
        ]
        self.courses = [
            CourseFactory(published=True, instructor=seller, price=Decimal(price))
            for seller, price in zip(self.sellers, COURSE_PRICES, strict=True)
        ]
        # What they may hand in for a bounty.
        self.works = [work_of(seller) for seller in self.sellers]
        coupon_of(30, "SPRING", max_uses=2)
        coupon_of(100, "GIFT", max_uses=1)
        tax_of("21")
        first_plans()
        for seller in self.sellers:
            details_of(seller)
        # So that a run that does little has something to do it to.
        self._sell(self.buyers[0], self.models[2], self.models[3])
        self._sell(self.buyers[1], self.models[4])
        self.bounty = unpaid_bounty(self.buyers[0], category=self.category, budget=Decimal("33.33"))
        self._pay(pay(bounty=self.bounty, billing=BILLING, method="card"))
        working.submit(
            application=working.apply(bounty=self.bounty, applicant=self.sellers[0], message="In a week."),
            model=self.works[0],
        )

    def _sell(self, buyer, *models) -> None:
        self._pay(order_of(buyer, *models).latest_payment())

    def _pay(self, payment: Payment) -> None:
        start_payment(payment)
        sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
        refresh_payment(payment)


class Machine(RuleBasedStateMachine):
    """The ground of the machine. A step that the site refuses is a step, too."""

    world: World
    # In how many runs what came about, so that a machine that does nothing is noticed.
    seen: ClassVar[Counter] = Counter()

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self):
        try:
            self.end()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def one_of(self, data, things, label: str):
        """One of the rows there are; None where there is none."""
        things = list(things)
        return data.draw(st.sampled_from(things), label=label) if things else None

    def attempt(self, call, *arguments, **named):
        """What the call returns; None where it is refused."""
        try:
            with transaction.atomic():
                return call(*arguments, **named)
        except CommerceError:
            return None

    def end(self) -> None:
        """Whatever is on its way arrives, and everything is asked about: then books and sandbox agree to the cent."""
        # What arrives may set off something else.
        for _ in range(4):
            self.arrive()
            reconcile()
        self.make_everything_old()
        self.all_holds()
        self.balances_are_what_the_entries_say()
        self.seen.update({name: int(happened) for name, happened in self.happened().items()})

    def happened(self) -> dict[str, bool]:
        """What each topic wants to have seen in some run."""
        return {}

    def arrive(self) -> None:
        """Everything that is on its way comes; each topic has its part."""

    def make_everything_old(self) -> None:
        """By then nothing is on its way any more, and every difference to the sandbox's books counts."""

    @invariant()
    def all_holds(self):
        self.movements_are_balanced()
        self.the_audit_finds_nothing()
        self.nobody_has_the_same_model_twice()
        self.coupons_are_not_overused()
        self.everybody_has_what_is_theirs()

    def movements_are_balanced(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def the_audit_finds_nothing(self):
        found = [str(one) for _, found in failures(CHECKS) for one in found]
        assert not found, found

    def nobody_has_the_same_model_twice(self):
        held = Purchase.objects.active().values("user", "model").annotate(times=Count("pk"))
        assert not held.filter(times__gt=1, model__isnull=False).exists()

    def coupons_are_not_overused(self):
        uses = list(CouponUse.objects.counted().values_list("coupon", "user", "coupon__max_uses"))
        assert len({(coupon, user) for coupon, user, _ in uses}) == len(uses)
        for coupon, times in Counter(coupon for coupon, _, _ in uses).items():
            assert times <= next(limit for found, _, limit in uses if found == coupon)

    def everybody_has_what_is_theirs(self):
        """The books, held against the rows of each topic, which know nothing of the books."""
        posted: Counter = Counter()
        for account in (Account.SELLER, Account.HELD, Account.RESERVED):
            posted.update(self.held_by_owner(account))
        earned: Counter = Counter()
        for person, amount in self.earned():
            earned[person] += amount
        assert {pk: amount for pk, amount in posted.items() if amount} == {
            pk: amount for pk, amount in earned.items() if amount
        }

    def held_by_owner(self, account) -> dict[int, Decimal]:
        entries = LedgerEntry.objects.of(account)
        return dict(entries.values_list("owner").annotate(amount=Sum("amount")).order_by())

    def earned(self) -> list[tuple[int, Decimal]]:
        """How everybody's money here comes about, as (person, amount); each topic adds its part."""
        sold = [Transaction.PaymentStatus.COMPLETED, Transaction.PaymentStatus.REFUNDED]
        lines = Transaction.objects.filter(payment_status__in=sold)
        return list(lines.values_list("seller", "seller_amount"))

    def balances_are_what_the_entries_say(self):
        """With checkpoints, or without."""
        held = self.held_by_owner(Account.SELLER)
        for person in self.world.people:
            found = balance_of(person)
            assert found.available + found.on_hold == held.get(person.pk, 0)
            assert balance(Account.SELLER, owner=person) == held.get(person.pk, 0)

    def hours_ago(self, hours: int):
        return timezone.now() - timedelta(hours=hours)
