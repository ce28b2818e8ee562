"""From the form to an open bounty: written, changed, paid, given up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.bounties.locking import lock_bounty, lock_with_money
from commerce.actions.payments import begin_payment, cancel_payment
from commerce.actions.placing import Billing
from commerce.bounties.spreading import DEADLINE, spread
from commerce.exceptions import BountyRefused
from commerce.models import Bounty, BountyPayment, BountyPicture, Payment
from commerce.money import round_money
from core.models import AuditEntry
from core.templatetags.core_tags import money_text
from marketplace.actions.storing import delete_stored, delete_stored_on_commit
from marketplace.models import Category, License

# Bounties of one person that wait for their payment.
MAX_UNPAID = 20


@dataclass(frozen=True)
class Brief:
    """What a bounty says, as its poster wrote it."""

    title: str
    description: str
    requirements: str
    category: Category
    budget: Decimal
    deadline: datetime
    license: str = License.ROYALTY_FREE
    wanted_formats: list[str] = field(default_factory=list)
    wants: list[str] = field(default_factory=list)
    max_triangles: int | None = None


def check_budget(budget: Decimal) -> None:
    """
    Raises:
        BountyRefused: it is no amount of money, or outside the bounds of the settings.
    """
    if not budget.is_finite() or budget != round_money(budget):
        raise BountyRefused("Enter an amount such as 250.00.")
    if not settings.BOUNTY_MINIMUM <= budget <= settings.BOUNTY_MAXIMUM:
        lowest, highest = money_text(settings.BOUNTY_MINIMUM), money_text(settings.BOUNTY_MAXIMUM)
        raise BountyRefused(f"A budget is between {lowest} and {highest}.")


def check_deadline(deadline: datetime, now: datetime | None = None) -> None:
    """
    Raises:
        BountyRefused: it is less than a day ahead, or farther than the settings allow.
    """
    now = now or timezone.now()
    if deadline < now + Bounty.SHORTEST:
        raise BountyRefused("The deadline has to be at least a day ahead.")
    if deadline > now + timedelta(days=settings.BOUNTY_LONGEST_DAYS):
        raise BountyRefused(f"The deadline has to be within {settings.BOUNTY_LONGEST_DAYS} days.")


def draft(*, poster: User, brief: Brief, pictures: Sequence[ContentFile] = ()) -> Bounty:
    """A bounty that waits for its budget; nobody else sees it.

    Raises:
        BountyRefused: budget or deadline are out of bounds, or too many wait for their payment already.
    """
    check_budget(brief.budget)
    check_deadline(brief.deadline)
    with transaction.atomic():
        if poster.bounties.filter(status=Bounty.Status.UNPAID).count() >= MAX_UNPAID:
            raise BountyRefused("Pay or discard the bounties that you have begun first.")
        bounty = Bounty.objects.create(creator=poster, currency=settings.CURRENCY, **_fields(brief))
        add_pictures(bounty=bounty, pictures=pictures)
    return bounty


def edit(*, bounty: Bounty, brief: Brief, pictures: Sequence[ContentFile] = ()) -> None:
    """Say something else while nobody has seen it. What is paid for stays as it was read.

    Raises:
        BountyRefused: it is paid, being paid, or given up; or budget or deadline are out of bounds.
    """
    check_budget(brief.budget)
    check_deadline(brief.deadline)
    with transaction.atomic():
        bounty = lock_with_money(bounty)
        _check_unpaid(bounty)
        if open_payment(bounty) is not None:
            raise BountyRefused("Its payment is under way. Cancel that first, then change the bounty.")
        for name, value in _fields(brief).items():
            setattr(bounty, name, value)
        bounty.save()
        add_pictures(bounty=bounty, pictures=pictures)


def add_pictures(*, bounty: Bounty, pictures: Sequence[ContentFile]) -> None:
    """Put pictures, as `marketplace.pictures` makes them, beside what was written. Inside a transaction.

    Raises:
        BountyRefused: they would be too many.
    """
    if bounty.pictures.count() + len(pictures) > Bounty.MAX_PICTURES:
        raise BountyRefused(f"A bounty has at most {Bounty.MAX_PICTURES} pictures.")
    stored = []
    try:
        # A savepoint, so that stored files go exactly when their rows do not come.
        with transaction.atomic():
            for picture in pictures:
                row = BountyPicture(bounty=bounty)
                row.image.save(picture.name, picture, save=False)
                stored.append(row.image)
                row.save()
    except BaseException:
        delete_stored(stored)
        raise


def remove_picture(*, picture: BountyPicture) -> None:
    """
    Raises:
        BountyRefused: the bounty is not a draft any more.
    """
    with transaction.atomic():
        _check_unpaid(lock_bounty(picture.bounty_id))
        delete_stored_on_commit([picture.image])
        picture.delete()


def open_payment(bounty: Bounty) -> Payment | None:
    """The payment of its budget that is under way."""
    return Payment.objects.filter(bounty_attempt__bounty=bounty, status=Payment.Status.PENDING).first()


def pay(*, bounty: Bounty, billing: Billing, method: str, **card) -> Payment:
    """Begin to pay the budget; the payment that is under way where there is one. `card` is as for `begin_payment`.

    Raises:
        BountyRefused: it is paid or given up, or its deadline has come too near.
        PaymentNotPossible: `method` is not offered.
    """
    with transaction.atomic():
        bounty = lock_with_money(bounty)
        _check_unpaid(bounty)
        under_way = open_payment(bounty)
        if under_way is not None:
            return under_way
        check_deadline(bounty.deadline)
        check_budget(bounty.budget)
        for name, value in asdict(billing).items():
            setattr(bounty, f"billing_{name}", value)
        bounty.save()
        payment = begin_payment(
            payer=bounty.creator,
            purpose=Payment.Purpose.BOUNTY,
            amount=bounty.budget,
            method=method,
            **card,
        )
        BountyPayment.objects.create(bounty=bounty, payment=payment)
    return payment


def discard(*, bounty: Bounty) -> bool:
    """Give up a bounty that was not paid, its payment at the provider first; False where the money had come by then.

    Raises:
        ProviderUnavailable, ProviderRefused: whether it was paid is not known; nothing was changed.
    """
    under_way = open_payment(bounty)
    if under_way is not None:
        cancel_payment(under_way, "The bounty was discarded.")
    with transaction.atomic():
        bounty = lock_with_money(bounty)
        if bounty.is_unpaid and open_payment(bounty) is None:
            bounty.cancel(timezone.now())
            delete_stored_on_commit([picture.image for picture in bounty.pictures.all()])
            bounty.pictures.all().delete()
            return True
    return False


def move_deadline(*, bounty: Bounty, deadline: datetime, by: User) -> None:
    """Give more time; less only while nobody has applied, and never less than a day.

    Raises:
        BountyRefused: it takes no work any more, or the new deadline is none that it may have.
    """
    check_deadline(deadline)
    with transaction.atomic():
        bounty = lock_bounty(bounty.pk)
        if not bounty.takes_work:
            raise BountyRefused("The deadline has passed.")
        if deadline == bounty.deadline:
            return
        if deadline < bounty.deadline and bounty.applications.active().exists():
            raise BountyRefused("People have applied: the deadline can only be moved further away.")
        before, bounty.deadline = bounty.deadline, deadline
        bounty.save(update_fields=["deadline", "updated_at"])
        AuditEntry.record(
            actor=by, action="bounty.deadline", target=bounty, before=str(before), after=str(deadline)
        )
        spread(bounty, DEADLINE)


def _check_unpaid(bounty: Bounty) -> None:
    if not bounty.is_unpaid:
        raise BountyRefused("This bounty is paid or discarded already: it stays as it is.")


def _fields(brief: Brief) -> dict:
    return {name: getattr(brief, name) for name in Brief.__dataclass_fields__}
