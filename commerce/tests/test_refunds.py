"""Asking and deciding: who may, what happens at once, and what waits for whom."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.downloads import make_link
from commerce.actions.ordering import get_free_model
from commerce.exceptions import DownloadPaused, RefundNotPossible
from commerce.models import DownloadLink, Purchase, Refund
from commerce.tests.refunding import bought_days_ago, downloaded, reloaded, sold, sold_together
from core.models import AuditEntry, OutgoingMail
from marketplace.models import Inspection, Model3D
from marketplace.tests.factories import Model3DFactory

Reason, Status = Refund.Reason, Refund.Status


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"), title="Walnut desk")


@pytest.fixture
def purchase(buyer, model):
    return sold(buyer, model)


@pytest.fixture
def agent(db):
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name="Support agents"))
    return person


def got_free(person, model) -> Purchase:
    get_free_model(buyer=person, model_id=model.pk)
    return Purchase.objects.active().get(user=person, model=model)


@pytest.fixture
def asked(purchase, buyer):
    """A request that waits for the seller."""
    return refunds.ask(
        purchase=downloaded(purchase), by=buyer, reason=Reason.QUALITY, text="The seat is crooked."
    )


@pytest.mark.parametrize("reason", [Reason.GOODWILL, Reason.DUE, Reason.BANK, "because"])
def test_a_reason_that_no_buyer_has_is_not_taken(purchase, buyer, reason):
    with pytest.raises(ValueError, match="no buyer's reason"):
        refunds.ask(purchase=purchase, by=buyer, reason=reason)


def test_nothing_is_refunded_where_nothing_was_paid(buyer):
    purchase = got_free(buyer, Model3DFactory(listed=True, free=True))
    with pytest.raises(RefundNotPossible, match="Nothing was paid"):
        refunds.ask(purchase=purchase, by=buyer, reason=Reason.MISTAKE)


def test_a_purchase_has_one_open_request(asked, purchase, buyer):
    with pytest.raises(RefundNotPossible, match="asked for this already"):
        refunds.ask(purchase=purchase, by=buyer, reason=Reason.MISTAKE)
    with pytest.raises(IntegrityError, match="refund_one_open_a_purchase"), transaction.atomic():
        Refund.objects.create(
            payment=asked.payment,
            transaction=asked.transaction,
            amount=1,
            seller_amount=1,
            asked_amount=1,
            reason=Reason.OTHER,
        )


def test_after_half_a_year_it_is_too_late(purchase, buyer):
    bought_days_ago(purchase, 181)
    with pytest.raises(RefundNotPossible, match="180 days"):
        refunds.ask(purchase=reloaded(purchase), by=buyer, reason=Reason.BROKEN)


def test_what_was_never_downloaded_is_approved_at_once(purchase, buyer):
    made = refunds.ask(purchase=purchase, by=buyer, reason=Reason.NOT_NEEDED)
    assert (made.status, made.grounds) == (Status.APPROVED, Refund.Grounds.NEVER_DOWNLOADED)
    assert (made.gross, made.fee_amount, made.seller_amount) == (
        Decimal("24.00"),
        Decimal("1.80"),
        Decimal("22.20"),
    )
    assert AuditEntry.objects.get(action="refund.asked").data["route"] == "at_once"


def test_while_all_of_the_money_is_on_its_way_nobody_downloads_and_nothing_is_bought_twice(purchase, buyer):
    link = make_link(purchase)
    Purchase.objects.filter(pk=purchase.pk).update(download_count=0)
    DownloadLink.objects.filter(pk=link.pk).update(purchase=purchase)
    refunds.ask(purchase=reloaded(purchase), by=buyer, reason=Reason.NOT_NEEDED)
    with pytest.raises(DownloadPaused, match="on its way back"):
        make_link(purchase)
    assert DownloadLink.find(link.token, user=buyer) is None
    assert Purchase.objects.active().filter(pk=purchase.pk).exists()


def test_what_was_downloaded_waits_for_the_seller(asked, purchase):
    assert asked.awaits_seller
    assert asked.answer_by - timezone.now() > timedelta(days=2, hours=23)
    assert reloaded(purchase).is_downloadable


def test_after_fourteen_days_the_seller_is_asked(purchase, buyer):
    bought_days_ago(purchase, 14.1)
    assert refunds.ask(purchase=reloaded(purchase), by=buyer, reason=Reason.MISTAKE).awaits_seller


def test_a_seller_who_is_gone_is_not_asked(purchase, model, buyer):
    type(buyer).objects.filter(pk=model.creator_id).update(is_active=False)
    made = refunds.ask(purchase=downloaded(reloaded(purchase)), by=buyer, reason=Reason.QUALITY)
    assert made.awaits_support


@pytest.mark.parametrize("reason", [Reason.NOT_AS_LISTED, Reason.BROKEN])
def test_measured_facts_that_contradict_the_listing_refund_at_once_with_the_evidence(buyer, reason):
    model = Model3DFactory(listed=True, title="Fully rigged fox", price=Decimal("24.00"))
    made = refunds.ask(purchase=downloaded(sold(buyer, model)), by=buyer, reason=reason)
    assert (made.status, made.grounds) == (Status.APPROVED, Refund.Grounds.CONTRADICTED)
    assert made.evidence == [
        {
            "code": "claim-rigged",
            "claimed": "The title says “Fully rigged”.",
            "measured": "The GLB file holds no skeleton.",
        }
    ]
    assert "holds no skeleton" in OutgoingMail.objects.get(kind="commerce/refund", recipient=buyer).text


def test_facts_refund_nothing_where_the_buyer_says_something_else(buyer):
    model = Model3DFactory(listed=True, title="Fully rigged fox")
    made = refunds.ask(purchase=downloaded(sold(buyer, model)), by=buyer, reason=Reason.NOT_NEEDED)
    assert made.awaits_seller
    # The seller and support see them all the same.
    assert made.evidence


def test_a_listing_is_held_to_what_it_said_when_it_was_sold(buyer):
    model = Model3DFactory(listed=True, title="Fully rigged fox", has_animations=True)
    purchase = downloaded(sold(buyer, model))
    Model3D.objects.filter(pk=model.pk).update(title="A fox", has_animations=False)
    made = refunds.ask(purchase=reloaded(purchase), by=buyer, reason=Reason.NOT_AS_LISTED)
    assert [fact["code"] for fact in made.evidence] == ["not-animated", "claim-rigged"]
    later = downloaded(sold(UserFactory(), reloaded(model)))
    assert refunds.ask(purchase=later, by=later.user, reason=Reason.NOT_AS_LISTED).awaits_seller


def test_a_file_that_is_gone_or_cannot_be_opened_any_more_refunds_at_once(buyer, model, purchase):
    downloaded(purchase)
    file = model.current_file
    type(file).objects.filter(pk=file.pk).update(state="failed", failure_message="The chunk is cut off.")
    facts = refunds.ask(purchase=reloaded(purchase), by=buyer, reason=Reason.BROKEN).evidence
    assert [fact["code"] for fact in facts] == ["file-broken"]
    assert "The chunk is cut off." in facts[0]["measured"]


def test_a_format_that_is_not_given_any_more_refunds_at_once(buyer, model):
    Model3D.objects.filter(pk=model.pk).update(file_formats=["glb", "fbx"])
    made = refunds.ask(
        purchase=downloaded(sold(buyer, reloaded(model))), by=buyer, reason=Reason.NOT_AS_LISTED
    )
    assert [fact["code"] for fact in made.evidence] == ["format-missing"]


def test_marks_that_the_file_bears_out_contradict_nothing(buyer, model):
    Model3D.objects.filter(pk=model.pk).update(has_animations=True, has_rigging=True, has_textures=True)
    Inspection.objects.filter(file=model.current_file).update(animations=2, is_rigged=True, textures=1)
    made = refunds.ask(
        purchase=downloaded(sold(buyer, reloaded(model))), by=buyer, reason=Reason.NOT_AS_LISTED
    )
    assert made.awaits_seller
    assert made.evidence == []


def test_buyer_and_seller_are_told(asked, buyer, model):
    told = {row.user: row for row in Notification.objects.filter(kind=Notification.Kind.REFUND)}
    assert set(told) == {buyer, model.creator}
    assert told[model.creator].link == f"/dashboard/refunds/{asked.public_id}/"
    assert told[buyer].link.endswith("/refund/")
    assert OutgoingMail.objects.filter(kind="commerce/refund").count() == 2


def test_only_its_seller_answers(asked):
    with pytest.raises(RefundNotPossible, match="does not wait for your answer"):
        refunds.answer(refund=asked, by=UserFactory(creator=True), amount=Decimal("24.00"))
    assert reloaded(asked).awaits_seller


@pytest.mark.parametrize("amount", ["-1.00", "24.01", "0.001", "NaN", "Infinity", "1e12"])
def test_an_amount_that_is_not_there_is_not_given_back(asked, model, amount):
    with pytest.raises(RefundNotPossible):
        refunds.answer(refund=asked, by=model.creator, amount=Decimal(amount))
    assert reloaded(asked).awaits_seller


def test_what_the_seller_accepts_goes_back_at_once(asked, model, purchase):
    made = refunds.answer(refund=asked, by=model.creator, amount=Decimal("24.00"))
    assert (made.status, made.answer) == (Status.APPROVED, Refund.Answer.ACCEPTED)
    assert not reloaded(purchase).is_downloadable


def test_what_the_seller_accepts_in_part_leaves_the_model_with_the_buyer(asked, model, purchase):
    made = refunds.answer(refund=asked, by=model.creator, amount=Decimal("10.00"), text="The seat is minor.")
    assert (made.answer, made.gross, made.fee_amount) == (
        Refund.Answer.PARTLY,
        Decimal("10.00"),
        Decimal("0.75"),
    )
    assert reloaded(purchase).is_downloadable


def test_a_refusal_needs_a_reason_and_goes_to_support(asked, model):
    with pytest.raises(RefundNotPossible, match="Say why"):
        refunds.answer(refund=asked, by=model.creator, amount=Decimal(0))
    made = refunds.answer(refund=asked, by=model.creator, amount=Decimal(0), text="It is as pictured.")
    assert made.awaits_support
    with pytest.raises(RefundNotPossible):
        refunds.answer(refund=asked, by=model.creator, amount=Decimal("24.00"))


def test_no_answer_in_time_goes_to_support(asked):
    assert refunds.escalate_overdue() == 0
    Refund.objects.filter(pk=asked.pk).update(answer_by=timezone.now())
    assert refunds.escalate_overdue() == 1
    late = reloaded(asked)
    assert (late.awaits_support, late.answer, late.answered_at) == (True, Refund.Answer.NONE, None)
    assert refunds.escalate_overdue() == 0


def test_the_buyer_takes_it_back_only_while_nobody_has_answered(asked, buyer, model, purchase):
    refunds.withdraw(refund=asked, by=buyer)
    assert reloaded(asked).status == Status.CANCELLED
    again = refunds.ask(purchase=reloaded(purchase), by=buyer, reason=Reason.QUALITY)
    assert again.awaits_seller
    refunds.answer(refund=again, by=model.creator, amount=Decimal(0), text="No.")
    with pytest.raises(RefundNotPossible, match="answered already"):
        refunds.withdraw(refund=again, by=buyer)


@pytest.mark.parametrize(("amount", "status"), [("0.00", Status.DECLINED), ("8.00", Status.APPROVED)])
def test_support_decides_with_a_reason_and_both_read_it(asked, agent, amount, status):
    with pytest.raises(RefundNotPossible, match="Say why"):
        refunds.decide(refund=asked, by=agent, amount=Decimal(amount), text=" ")
    made = refunds.decide(refund=asked, by=agent, amount=Decimal(amount), text="The seat is visible.")
    assert (made.status, made.decided_by) == (status, agent)
    with pytest.raises(RefundNotPossible, match="decided already"):
        refunds.decide(refund=asked, by=agent, amount=Decimal("1.00"), text="Again.")
    last = OutgoingMail.objects.filter(kind="commerce/refund").order_by("-pk")[:2]
    assert all("The seat is visible." in mail.text for mail in last)


@pytest.mark.parametrize("whose", ["buyer", "seller"])
def test_nobody_decides_about_money_of_their_own(asked, purchase, whose):
    """Support buys and sells as well."""
    own = getattr(purchase.transaction, whose)
    with pytest.raises(RefundNotPossible, match="of their own"):
        refunds.decide(refund=asked, by=own, amount=Decimal("24.00"), text="It is mine.")
    with pytest.raises(RefundNotPossible, match="of their own"):
        refunds.decide(refund=asked, by=own, amount=Decimal(0), text="It is mine.")
    refunds.stop(refund=asked, by=None, text="Once more.")
    with pytest.raises(RefundNotPossible, match="of their own"):
        refunds.refund(transaction=purchase.transaction, by=own, text="It is mine.")
    assert not Refund.objects.live().exists()


def test_who_was_heard_once_is_not_asked_again(asked, agent, purchase, buyer):
    refunds.decide(refund=asked, by=agent, amount=Decimal(0), text="No fault found.")
    assert refunds.ask(purchase=reloaded(purchase), by=buyer, reason=Reason.QUALITY).awaits_support


def test_support_gives_money_back_unasked(purchase, agent, buyer):
    bought_days_ago(purchase, 400)
    made = refunds.refund(transaction=purchase.transaction, amount=Decimal("5.00"), by=agent, text="Sorry.")
    assert (made.status, made.reason) == (Status.APPROVED, Reason.GOODWILL)
    with pytest.raises(RefundNotPossible, match="open already"):
        refunds.refund(transaction=purchase.transaction, by=agent, text="More.")


def test_each_model_of_an_order_is_refunded_by_itself(buyer, model):
    other = Model3DFactory(listed=True, price=Decimal("6.00"))
    order = sold_together(buyer, model, other)
    first, second = (line.purchase for line in order.transactions.in_order())
    refunds.ask(purchase=first, by=buyer, reason=Reason.MISTAKE)
    assert not reloaded(first).is_downloadable
    assert reloaded(second).is_downloadable


def test_a_free_model_leaves_the_library_and_can_be_got_again(buyer):
    model = Model3DFactory(listed=True, free=True)
    purchase = got_free(buyer, model)
    for _ in range(2):
        refunds.remove_from_library(purchase=purchase)
    assert not reloaded(purchase).is_active
    assert reloaded(buyer).purchases_count == 0
    got_free(buyer, model)
    assert reloaded(buyer).purchases_count == 1


def test_a_model_that_was_paid_for_is_not_just_removed(purchase):
    with pytest.raises(RefundNotPossible, match=r"\$24\.00"):
        refunds.remove_from_library(purchase=purchase)
    assert reloaded(purchase).is_active
