"""A winner is chosen: paid out of what was held, and the model handed over, in one transaction."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, User
from commerce.actions.bounties.locking import lock_with_money
from commerce.actions.delivery import deliver_award
from commerce.actions.holds import hold_new_sales
from commerce.availability import owned_ids
from commerce.bounties.rules import is_frozen
from commerce.bounties.spreading import ENDED, spread
from commerce.bounties.telling import tell_awarded, tell_won
from commerce.exceptions import BountyRefused
from commerce.ledger.bounties import available_from, post_award
from commerce.models import Bounty, BountySubmission, Order, Transaction
from commerce.money import split
from core.models import AuditEntry
from marketplace.models import License, Model3D


def reason_against_award(bounty: Bounty, *, by: User) -> str:
    """Why `by` cannot choose a winner now, as a sentence; empty where they can."""
    if not bounty.holds_money:
        return "This bounty is over, or was never paid."
    if bounty.is_removed and by.pk == bounty.creator_id:
        return "Moderation has taken this bounty down: write to our support."
    if by.pk != bounty.creator_id and not by.has_perm("commerce.decide_bounty"):
        return "Only its poster chooses the winner."
    if is_frozen(bounty):
        return "The bank contests the payment of this bounty: until it has decided, nobody can be chosen."
    return ""


def award(*, submission: BountySubmission, by: User, seen: uuid.UUID | None = None) -> Transaction:
    """Give the budget to the maker of `submission` and their model to the poster. The same again changes nothing.

    `seen` is the file that was looked at (its public id): another one in its place is not bought unseen.

    Raises:
        BountyRefused: the bounty is over or is not theirs to decide, the work was taken back or cannot be had, or its
            file is not the one that was seen.
    """
    with transaction.atomic():
        bounty = lock_with_money(submission.bounty)
        rows = BountySubmission.objects.select_related("application__applicant", "transaction")
        submission = rows.select_for_update(no_key=True, of=("self",)).get(pk=submission.pk)
        if submission.is_awarded:
            return submission.transaction
        against = reason_against_award(bounty, by=by)
        if against:
            raise BountyRefused(against)
        submission.model = _locked_model(submission.model_id)
        if by.pk == submission.maker.pk:
            raise BountyRefused("Nobody decides about their own work.")
        _check_work(bounty, submission, seen)
        now = timezone.now()
        line = deliver_award(_order(bounty, submission), now)
        submission.award(line)
        bounty.award(submission.maker, now)
        post_award(bounty, line, now)
        hold_new_sales([line], bounty.payment, now)
        AuditEntry.record(
            actor=by,
            action="bounty.award",
            target=bounty,
            winner=submission.maker.pk,
            amount=str(line.amount),
        )
        _tell(bounty, line, now)
    return line


def _locked_model(model_id: int) -> Model3D:
    models = Model3D.objects.with_card_data().filter(pk=model_id)
    return models.select_for_update(no_key=True, of=("self",)).get()


def _check_work(bounty: Bounty, submission: BountySubmission, seen: uuid.UUID | None) -> None:
    if not submission.can_be_awarded:
        raise BountyRefused("This work was taken back, or is no longer on the site.")
    if submission.maker.pk == bounty.creator_id:
        raise BountyRefused("Nobody wins their own bounty.")
    model = submission.model
    if seen is not None and model.current_file.public_id != seen:
        raise BountyRefused(
            f"“{model.title}” has another file since you looked at it. Look at it again first."
        )
    if owned_ids(bounty.creator, [model.pk]):
        raise BountyRefused(f"“{model.title}” is in the poster’s library already.")


def _order(bounty: Bounty, submission: BountySubmission) -> Order:
    """What the poster gets for the budget, with the papers of any other purchase; it has no payment of its own."""
    billing = {name: getattr(bounty, name) for name in _billing_fields()}
    order = Order.objects.create(
        buyer=bounty.creator,
        checkout_key=uuid.uuid4(),
        currency=bounty.currency,
        subtotal=bounty.budget,
        total=bounty.budget,
        terms_accepted_at=bounty.opened_at,
        **billing,
    )
    parts = split(bounty.budget)
    Transaction.objects.create(
        order=order,
        buyer=bounty.creator,
        seller=submission.maker,
        model=submission.model,
        title=submission.model.title,
        license=bounty.license,
        license_version=License(bounty.license).version,
        amount=bounty.budget,
        platform_fee=parts.platform_fee,
        seller_amount=parts.seller_amount,
        payment_method=bounty.payment.method,
    )
    return order


def _billing_fields() -> list[str]:
    return [field.name for field in Bounty._meta.fields if field.name.startswith("billing_")]


def _tell(bounty: Bounty, line: Transaction, now) -> None:
    tell_won(bounty, line, available_from(line.seller, now))
    tell_awarded(bounty, line)
    spread(bounty, ENDED)
    if bounty.is_open_to_all:
        activities.record(
            actor=line.seller,
            verb=Activity.Verb.WON_BOUNTY,
            target=bounty,
            title=bounty.title,
            link=bounty.get_absolute_url(),
        )
