"""Payouts one by one: asked for, approved, declined, cancelled, returned. Each takes or gives back money once."""

from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.exceptions import PayoutNotPossible, PayoutUnderWay
from commerce.ledger import Line, SellerBalance, balance_of, post
from commerce.locks import lock_seller
from commerce.models import LedgerEntry, LedgerMovement, Payout, PayoutDetails
from commerce.money import round_money
from commerce.payout_news import tell_of_payout
from core.models import AuditEntry
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D

Account, Kind = LedgerEntry.Account, LedgerMovement.Kind
Status = Payout.Status


def minimum_for(seller: User, balance: SellerBalance) -> Decimal:
    """The least that a payout can be; the whole rest, however little, of who sells nothing any more."""
    is_rest = 0 < balance.available < settings.PAYOUT_MINIMUM and not (balance.on_hold or balance.held)
    if is_rest and not _offers_anything(seller):
        return balance.available
    return settings.PAYOUT_MINIMUM


def request_payout(*, seller: User, amount: Decimal) -> Payout:
    """Take `amount` out of what is available to the seller, to be paid to their current details.

    Raises:
        PayoutUnderWay: one is open already.
        PayoutNotPossible: too little or too much, or there are no details that can be used yet.
    """
    with transaction.atomic():
        lock_seller(seller.pk)
        if Payout.objects.of_seller(seller).open().exists():
            raise PayoutUnderWay(
                "A payout of yours is under way. You can request the next one when it is paid."
            )
        details = PayoutDetails.objects.of_user(seller).current().first()
        _check_details(details)
        _check_amount(seller, amount)
        payout = Payout.objects.create(
            seller=seller,
            amount=amount,
            currency=settings.CURRENCY,
            details=details,
            method=details.method,
            destination=details.masked,
            approvals_needed=2 if amount > settings.PAYOUT_SECOND_APPROVAL_ABOVE else 1,
        )
        _move(payout, "reserve", Kind.PAYOUT_RESERVE, Account.SELLER, Account.RESERVED)
        AuditEntry.record(actor=seller, action="payout.requested", target=payout, amount=str(amount))
        tell_of_payout(payout)
    return payout


def cancel_payout(payout: Payout, *, by: User) -> Payout:
    """The seller takes a request back before anybody has approved it.

    Raises:
        PayoutNotPossible: it is too late.
    """
    with transaction.atomic():
        payout = locked(payout)
        if payout.status == Status.CANCELLED:
            return payout
        if not payout.can_be_cancelled or payout.approvals_given:
            raise PayoutNotPossible("This payout has been approved: it cannot be cancelled any more.")
        _give_back(payout, Status.CANCELLED, by)
    return payout


def approve_payout(payout: Payout, *, by: User) -> Payout:
    """One approval; where two are needed, the second is somebody else's.

    Raises:
        PayoutNotPossible: it waits for no approval, not for this person's, or the seller owes money by now.
    """
    with transaction.atomic():
        lock_seller(payout.seller_id)
        payout = locked(payout)
        if payout.status != Status.REQUESTED:
            raise PayoutNotPossible(f"It waits for no approval: it is {payout.get_status_display().lower()}.")
        if payout.seller_id == by.pk:
            raise PayoutNotPossible("Nobody approves a payout of their own.")
        if payout.first_approver_id == by.pk:
            raise PayoutNotPossible("You have approved it. The second approval has to be somebody else's.")
        check_covered(payout)
        payout.approve(by=by, at=timezone.now())
        AuditEntry.record(
            actor=by,
            action="payout.approved",
            target=payout,
            amount=str(payout.amount),
            approval=payout.approvals_given,
            of=payout.approvals_needed,
        )
        if payout.status == Status.APPROVED:
            tell_of_payout(payout)
    return payout


def decline_payout(payout: Payout, *, by: User, reason: str) -> Payout:
    """Finance says no, before it is in a batch; the money is the seller's to ask for again.

    Raises:
        PayoutNotPossible: it is in a batch, or at its end; or it is their own.
    """
    with transaction.atomic():
        payout = locked(payout)
        if not payout.can_be_declined:
            raise PayoutNotPossible("It cannot be declined any more: it is about to be sent, or at its end.")
        if payout.seller_id == by.pk:
            raise PayoutNotPossible("Nobody decides on a payout of their own.")
        _give_back(payout, Status.DECLINED, by, reason)
    return payout


def return_payout(payout: Payout, *, by: User, reason: str) -> Payout:
    """The bank or PayPal has sent it back: it is not settled any more, and the money is in the balance again.

    Raises:
        PayoutNotPossible: it was not paid, or has been returned already; or it is their own.
    """
    with transaction.atomic():
        payout = locked(payout)
        if not payout.is_settled:
            raise PayoutNotPossible("Only what was paid can come back.")
        if payout.seller_id == by.pk:
            raise PayoutNotPossible("Nobody decides on a payout of their own.")
        _give_back(payout, Status.RETURNED, by, reason)
    return payout


def check_covered(payout: Payout) -> None:
    """What was sold may have been refunded since the payout was asked for. The caller holds the seller's lock.

    Raises:
        PayoutNotPossible: the seller's balance has fallen below zero.
    """
    available = balance_of(payout.seller).available
    if available < 0:
        raise PayoutNotPossible(
            f"Refunds since the request have taken the seller's balance to {money_text(available)}."
            " Decline the payout, so that they can ask for what is left."
        )


def locked(payout: Payout) -> Payout:
    """The payout as it is now, and stays until the transaction ends."""
    found = Payout.objects.select_for_update(no_key=True, of=("self",)).select_related("seller", "details")
    return found.get(pk=payout.pk)


def record_paid(payout: Payout, *, at) -> None:
    """Its batch has been sent: the money is outside. The caller holds the payout's row, and tells the seller."""
    payout.pay(at=at)
    _move(payout, "paid", Kind.PAYOUT_PAID, Account.RESERVED, Account.BANK)


def drop_open_payout(seller: User) -> None:
    """The account goes, and what was to be settled was settled elsewhere: nothing is sent any more.

    Raises:
        PayoutNotPossible: it is in a batch, and maybe with the bank.
    """
    with transaction.atomic():
        for payout in Payout.objects.of_seller(seller).open():
            payout = locked(payout)
            if not payout.can_be_declined:
                raise PayoutNotPossible(f"{payout} is about to be sent.")
            _give_back(payout, Status.DECLINED, None, "The account is being deleted.")


def _give_back(payout: Payout, status: str, by: User | None, reason: str = "") -> None:
    returned = status == Status.RETURNED
    payout.end(status, at=timezone.now(), reason=reason.strip()[:500])
    name, kind = ("return", Kind.PAYOUT_RETURN) if returned else ("decline", Kind.PAYOUT_DECLINE)
    _move(payout, name, kind, Account.BANK if returned else Account.RESERVED, Account.SELLER)
    AuditEntry.record(
        actor=by, action=f"payout.{status}", target=payout, amount=str(payout.amount), reason=reason
    )
    tell_of_payout(payout)


def _move(payout: Payout, name: str, kind: str, source: str, target: str) -> None:
    post(
        key=f"payout-{name}:{payout.pk}",
        kind=kind,
        lines=[
            Line(source, -payout.amount, owner=payout.seller),
            Line(target, payout.amount, owner=payout.seller),
        ],
        note=str(payout),
    )


def _check_details(details: PayoutDetails | None) -> None:
    if details is None:
        raise PayoutNotPossible("Say first where your payouts go to.")
    if not details.is_usable:
        when = timezone.localtime(details.usable_from)
        raise PayoutNotPossible(
            f"Your payout details are new. They can be used from {when:%-d %B %Y, %H:%M} (UTC) on."
        )


def _check_amount(seller: User, amount: Decimal) -> None:
    balance = balance_of(seller)
    if not amount.is_finite():
        raise PayoutNotPossible("This is no amount of money.")
    if amount > balance.available:
        available = max(balance.available, Decimal("0.00"))
        raise PayoutNotPossible(f"{money_text(available)} is available at the moment.")
    minimum = minimum_for(seller, balance)
    if amount < minimum:
        raise PayoutNotPossible(f"A payout is at least {money_text(minimum)}.")
    if amount != round_money(amount):
        raise PayoutNotPossible("This amount has a fraction that nobody can pay.")


def _offers_anything(seller: User) -> bool:
    """Whether something that costs money is, or may soon be, on the marketplace."""
    states = [Model3D.Status.PENDING, Model3D.Status.APPROVED]
    offered = Model3D.objects.owned_by(seller).not_removed().filter(status__in=states, price__gt=0)
    return offered.filter(is_published=True).exists()
