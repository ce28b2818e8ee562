"""Celery tasks of commerce: the sandbox's, payments nobody heard of, cards, refunds, plans, papers, ratings."""

import logging
from contextlib import suppress

from celery import shared_task

from commerce.actions import refunds
from commerce.actions.bounties import deadlines, returning
from commerce.actions.costs import learn_costs
from commerce.actions.owners import tell_owners
from commerce.actions.payments import cancel_payment, refresh_payment
from commerce.actions.reconciling import reconcile, settle_pending
from commerce.actions.saved_methods import forget, forget_removed, remember, remember_missed
from commerce.actions.subscriptions.renewing import remind, renew_due
from commerce.actions.telling import tell_of, tell_untold
from commerce.documents import invoice_for, plan_invoice_for, print_all_of, print_missing, store
from commerce.exceptions import CommerceError, ProviderRefused, ProviderUnavailable
from commerce.gateways import sandbox
from commerce.gateways.sandbox.delivery import DeliveryFailed, deliver
from commerce.ledger.checkpoints import take_checkpoints
from commerce.models import (
    Order,
    Payment,
    ProviderCall,
    Refund,
    SandboxCharge,
    SandboxEvent,
    SavedPaymentMethod,
    SubscriptionPeriod,
)
from commerce.ratings import refresh_prior
from commerce.stuck import SOURCES
from marketplace.models import Model3D

logger = logging.getLogger(__name__)


@shared_task
def settle_pending_payments() -> None:
    """Ask the providers about open payments."""
    settle_pending()


@shared_task
def finish_order(order_id: int) -> None:
    """Tell whom a completed order concerns, and print its invoice. Safe to deliver any number of times; what is missing
    afterwards, beat makes up for.
    """
    try:
        tell_of(Order.objects.get(pk=order_id))
    finally:
        print_invoice(order_id)


@shared_task
def tell_untold_orders() -> None:
    """Tell of orders of which a worker should have told, and did not."""
    tell_untold()


@shared_task
def print_invoice(order_id: int) -> None:
    """Number and print the invoice of a paid order. Safe to deliver any number of times."""
    invoice = invoice_for(Order.objects.get(pk=order_id))
    if invoice is not None:
        store(invoice)


@shared_task
def print_plan_invoice(period_id: int) -> None:
    """The same for a time with a plan."""
    invoice = plan_invoice_for(SubscriptionPeriod.objects.get(pk=period_id))
    if invoice is not None:
        store(invoice)


@shared_task
def print_credit_note(refund_id: int) -> None:
    """Number and print what a refund credits, or no longer does. Safe to deliver any number of times."""
    print_all_of(Refund.objects.get(pk=refund_id))


@shared_task
def print_missing_papers() -> None:
    """What a worker should have printed, and did not."""
    print_missing()


@shared_task
def refresh_rating_prior() -> None:
    """Let the order of best rated begin with the site's mean as it is now."""
    refresh_prior()


@shared_task
def reconcile_payments() -> None:
    """Ask the providers about all that is under way, and say in the log what waits for a person."""
    reconcile()
    for one in SOURCES:
        if count := one.count():
            logger.warning("%s: %s. See the console, Payments, “What is stuck”.", one.title, count)


@shared_task
def checkpoint_ledger() -> None:
    """Keep the sums of long accounts."""
    take_checkpoints()


@shared_task
def ask_about_payment(payment_id: int) -> None:
    """A provider said that something happened to a payment. Where it does not answer, beat asks again."""
    payment = Payment.objects.select_related("payer", "order").get(pk=payment_id)
    with suppress(ProviderUnavailable, ProviderRefused):
        refresh_payment(payment)


@shared_task(autoretry_for=(ProviderUnavailable,), retry_backoff=5, max_retries=5)
def remember_payment_method(payment_id: int) -> None:
    """Take down the card that its provider kept when the payment was made."""
    remember(Payment.objects.select_related("payer").get(pk=payment_id))


@shared_task
def forget_payment_method(saved_id: int) -> None:
    """Have the provider forget a card that was removed here. Where it does not answer, beat asks again."""
    with suppress(ProviderUnavailable):
        forget(SavedPaymentMethod.objects.get(pk=saved_id))


@shared_task
def tend_payment_methods() -> None:
    """What the two above have left undone."""
    remember_missed()
    forget_removed()


@shared_task
def learn_provider_costs() -> None:
    """What providers keep of payments that they did not tell with them."""
    learn_costs()


@shared_task
def forget_provider_calls() -> None:
    """Questions and answers that nobody needs any more."""
    ProviderCall.objects.old().delete()


@shared_task
def send_refund(refund_id: int) -> None:
    """Hand one refund to its provider. Safe to deliver any number of times."""
    refunds.send(refund_id)


@shared_task
def send_waiting_refunds() -> None:
    """Send what no worker has sent, and ask about what is on its way."""
    refunds.send_waiting()


@shared_task
def escalate_refunds() -> None:
    """Hand what sellers have not answered in time to support."""
    refunds.escalate_overdue()


@shared_task(bind=True, max_retries=SandboxEvent.MAX_ATTEMPTS)
def deliver_sandbox_event(self, event_id: int) -> None:
    """Deliver one webhook of the sandbox; what is not taken is sent again, ever later."""
    event = SandboxEvent.objects.get(pk=event_id)
    try:
        deliver(event)
    except DeliveryFailed as error:
        raise self.retry(exc=error, countdown=event.retry_delay().total_seconds()) from error


@shared_task
def finish_slow_sandbox_charge(charge_id: int) -> None:
    """A slow payment arrives."""
    sandbox.arrive(SandboxCharge.objects.get(pk=charge_id).charge_id)


@shared_task
def contest_sandbox_charge(charge_id: int) -> None:
    """The payer of a payment has second thoughts."""
    with suppress(ProviderRefused):
        sandbox.contest(SandboxCharge.objects.get(pk=charge_id).charge_id)


@shared_task
def tell_owners_of_version(model_id: int, file_ids: list[int]) -> None:
    """Tell those who have the model of its newly approved files. Safe to deliver any number of times."""
    model = Model3D.objects.select_related("creator").filter(pk=model_id).first()
    if model is not None:
        tell_owners(model=model, file_ids=file_ids)


@shared_task
def renew_subscriptions() -> None:
    """Charge the periods that begin, try overdue ones again, end what is over."""
    renew_due()


@shared_task
def remind_subscribers() -> None:
    """Say beforehand what is going to be charged, and that trials end."""
    remind()


@shared_task
def give_up_payment(payment_id: int) -> None:
    """Nobody needs this payment any more. Where the provider does not answer, it lapses within a day."""
    with suppress(CommerceError):
        cancel_payment(Payment.objects.select_related("payer", "order").get(pk=payment_id))


@shared_task
def tend_bounties() -> None:
    """Carry bounties on whose time has come."""
    deadlines.tend()


@shared_task
def return_budgets() -> None:
    """Send back the budgets of bounties that nobody got, or ask how far that is."""
    returning.send_due()
