"""A bounty whose payment is contested at a bank: nothing moves while it decides; what it takes is escrow's."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions.bounties import deadlines, returning
from commerce.actions.bounties.awarding import award
from commerce.actions.bounties.ending import cancel
from commerce.actions.disputes import apply_dispute
from commerce.actions.downloads import make_link
from commerce.auditing import CHECKS, failures
from commerce.bounties.spreading import ENDED, FROZEN, THAWED, tell_applicants
from commerce.exceptions import BountyRefused, DownloadPaused
from commerce.gateways.base import DisputeNews, DisputeProgress, RefundNews, RefundProgress, RefundState
from commerce.ledger import balance, balance_of
from commerce.models import Bounty, EscrowReturn, LedgerEntry, Payment, Purchase, Refund
from commerce.refunding.evidence import evidence_of
from commerce.tests.bounty_factories import applied, open_bounty, past_deadline, submitted
from commerce.tests.refunding import failed, pending, reloaded, scripted, succeeded
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db
ESCROW, FEE, BUYER = LedgerEntry.Account.ESCROW, LedgerEntry.Account.FEE, LedgerEntry.Account.BUYER
OPENED, WON, LOST = DisputeProgress.OPENED, DisputeProgress.WON, DisputeProgress.LOST
ALL = Decimal("200.00")


@pytest.fixture
def bounty():
    return open_bounty()


def bank(bounty: Bounty, state, amount="200.00", number="dp_1") -> str:
    return apply_dispute(bounty.payment, DisputeNews(number, state, Decimal(amount), "fraudulent"))


def nothing_is_out_of_place() -> None:
    # Nobody made the sandbox take part.
    own = [check for check in CHECKS if "sandbox" not in check.says]
    assert [str(one) for _, found in failures(own) for one in found] == []


def told(person) -> list[str]:
    kinds = [Notification.Kind.BOUNTY, Notification.Kind.BOUNTY_WORK, Notification.Kind.REFUND]
    return list(Notification.objects.filter(user=person, kind__in=kinds).values_list("title", flat=True))


def test_while_the_bank_decides_nobody_awards_or_ends_it_not_even_support(bounty):
    work = submitted(bounty)
    bank(bounty, OPENED)
    agent = UserFactory(staff=True, permissions=["commerce.decide_bounty"])
    for person in (bounty.creator, agent):
        with pytest.raises(BountyRefused, match="contests"):
            award(submission=work, by=person)
        with pytest.raises(BountyRefused, match="contests"):
            cancel(bounty=bounty, by=person, reason="Now.")
    assert balance(ESCROW) == ALL and reloaded(bounty).is_open
    nothing_is_out_of_place()


def test_who_has_no_say_is_not_told_that_a_bank_decides(bounty):
    work = submitted(bounty)
    bank(bounty, OPENED)
    for refused in (
        lambda: award(submission=work, by=work.maker),
        lambda: cancel(bounty=bounty, by=work.maker, reason="Now."),
    ):
        with pytest.raises(BountyRefused) as error:
            refused()
        assert "bank" not in error.value.message


def test_its_page_says_so_to_its_poster_and_to_others_without_the_reason(bounty, client):
    applicant = applied(bounty).applicant
    bank(bounty, OPENED)
    seen = {}
    for person in (bounty.creator, applicant, None):
        client.logout()
        if person is not None:
            client.force_login(person)
        seen[person] = client.get(bounty.get_absolute_url()).text
    assert "You contest the payment" in seen[bounty.creator]
    assert reverse("commerce:cancel_bounty", args=[bounty.pk]) not in seen[bounty.creator]
    for page in (seen[applicant], seen[None]):
        assert "This bounty stands still" in page and "contest" not in page


def test_the_lists_of_poster_and_applicant_say_it_too(bounty, client):
    applicant = applied(bounty).applicant
    bank(bounty, OPENED)
    client.force_login(bounty.creator)
    assert "contested at your bank" in client.get(reverse("commerce:my_bounties")).text
    client.force_login(applicant)
    page = client.get(reverse("commerce:my_bounty_applications")).text
    assert "stands still" in page and "contested" not in page


def test_poster_and_applicants_are_told_once_and_the_latter_not_of_the_bank(bounty):
    applicant = applied(bounty).applicant
    for _ in range(2):
        bank(bounty, OPENED)
    # As a worker does, more than once.
    for _ in range(2):
        tell_applicants(bounty.pk, FROZEN)
    assert sum("You contest a payment" in title for title in told(bounty.creator)) == 1
    assert set(told(applicant)) == {f"“{bounty.title}” stands still"}
    mail = OutgoingMail.objects.get(recipient=applicant, kind="commerce/bounty")
    assert "bank" not in mail.text and "checked" in mail.text
    bank(bounty, WON)
    tell_applicants(bounty.pk, THAWED)
    assert f"“{bounty.title}” goes on" in told(applicant)


def test_no_deadline_passes_while_it_stands_still_and_its_time_is_given_back(bounty):
    submitted(bounty)
    bank(bounty, OPENED)
    past_deadline(bounty, days=1)
    assert deadlines.tend() == 0 and reloaded(bounty).is_open
    bounty.payment.disputes.update(opened_at=timezone.now() - timedelta(days=3))
    before = reloaded(bounty).deadline
    bank(bounty, WON)
    again = reloaded(bounty)
    assert again.takes_work
    assert timedelta(days=3) <= again.deadline - before < timedelta(days=3, minutes=1)


def test_a_poster_who_was_choosing_gets_the_time_back(bounty):
    submitted(bounty)
    past_deadline(bounty)
    deadlines.tend()
    until = reloaded(bounty).judging_until
    bank(bounty, OPENED)
    bounty.payment.disputes.update(opened_at=timezone.now() - timedelta(days=2))
    bank(bounty, WON)
    assert reloaded(bounty).judging_until - until >= timedelta(days=2)


def test_one_that_is_won_goes_on(bounty):
    work = submitted(bounty)
    bank(bounty, OPENED)
    bank(bounty, WON)
    award(submission=work, by=bounty.creator)
    assert balance(ESCROW) == 0 and balance(FEE) == Decimal("15.00")
    nothing_is_out_of_place()


@pytest.mark.parametrize("is_said_before", [True, False])
def test_one_that_is_lost_is_paid_out_of_escrow_and_ends_the_bounty(bounty, is_said_before):
    work = submitted(bounty)
    if is_said_before:
        bank(bounty, OPENED)
    for _ in range(2):
        assert bank(bounty, LOST) == ""
    tell_applicants(bounty.pk, ENDED)
    ended = reloaded(bounty)
    assert ended.status == Bounty.Status.CANCELLED and "did not stand" in ended.close_reason
    assert not EscrowReturn.objects.exists()
    assert (balance(ESCROW), balance(FEE), balance(BUYER)) == (0, 0, 0)
    assert reloaded(bounty.payment).status == "refunded"
    assert f"“{bounty.title}” was cancelled" in told(work.maker)
    assert any("has taken" in title for title in told(bounty.creator))
    with pytest.raises(BountyRefused):
        award(submission=work, by=bounty.creator)
    nothing_is_out_of_place()


def test_of_a_part_that_was_lost_the_rest_goes_back(bounty, monkeypatch):
    bank(bounty, LOST, "50.00")
    back = EscrowReturn.objects.get()
    assert back.amount == Decimal("150.00") == balance(ESCROW)
    provider = scripted(monkeypatch, succeeded())
    returning.send_back(back.pk)
    assert provider.asked == [(back.key, Decimal("150.00"))]
    assert balance(ESCROW) == balance(FEE) == 0
    assert reloaded(bounty.payment).status == "refunded"
    nothing_is_out_of_place()


def test_a_budget_on_its_way_back_is_not_sent_while_the_bank_decides(bounty, monkeypatch):
    cancel(bounty=bounty, by=bounty.creator)
    bank(bounty, OPENED)
    provider = scripted(monkeypatch, succeeded())
    assert returning.send_due() == 0 and returning.send_back(EscrowReturn.objects.get().pk) is None
    bank(bounty, WON)
    assert returning.send_due() == 1 and len(provider.asked) == 1
    assert balance(ESCROW) == 0
    nothing_is_out_of_place()


def test_a_budget_that_was_to_go_back_and_is_lost_is_sent_no_more(bounty, monkeypatch):
    cancel(bounty=bounty, by=bounty.creator)
    bank(bounty, LOST)
    back = EscrowReturn.objects.get()
    assert back.is_lost and not EscrowReturn.objects.unsent().exists()
    provider = scripted(monkeypatch)
    assert returning.send_due() == 0 and provider.asked == []
    assert balance(ESCROW) == balance(FEE) == 0
    with pytest.raises(BountyRefused):
        returning.restart(returned=back, by=UserFactory())
    news = RefundNews("re_9", back.key, RefundState(RefundProgress.SUCCEEDED, "re_9"), ALL)
    assert "not as its last attempt" in returning.apply_news(back, news)
    nothing_is_out_of_place()


def test_one_under_way_at_the_provider_that_fails_after_the_loss_makes_up_for_it(bounty, monkeypatch):
    cancel(bounty=bounty, by=bounty.creator)
    back = EscrowReturn.objects.get()
    scripted(monkeypatch, pending(), failed())
    returning.send_back(back.pk)
    bank(bounty, LOST)
    # Whether it arrives is not known yet: until then fees bear what the bank has taken.
    assert balance(ESCROW) == ALL and balance(FEE) == -ALL
    nothing_is_out_of_place()
    EscrowReturn.objects.update(try_at=timezone.now())
    returning.send_due()
    assert reloaded(back).is_lost
    assert balance(ESCROW) == balance(FEE) == 0
    nothing_is_out_of_place()


def test_one_that_was_sent_and_is_taken_as_well_is_the_sites_loss_until_it_comes_back(bounty, monkeypatch):
    cancel(bounty=bounty, by=bounty.creator)
    back = EscrowReturn.objects.get()
    scripted(monkeypatch, succeeded())
    returning.send_back(back.pk)
    bank(bounty, LOST)
    assert balance(ESCROW) == 0 and balance(FEE) == -ALL
    news = RefundNews("re_1", back.key, RefundState(RefundProgress.FAILED, "re_1"), ALL)
    returning.apply_news(reloaded(back), news)
    assert reloaded(back).is_lost
    assert balance(ESCROW) == balance(FEE) == 0
    nothing_is_out_of_place()


def test_what_a_winner_has_got_is_held_and_lost_as_of_any_sale(bounty):
    work = submitted(bounty)
    line = award(submission=work, by=bounty.creator)
    bank(bounty, OPENED)
    found = balance_of(work.maker)
    assert (found.held, found.total) == (line.seller_amount, line.seller_amount)
    with pytest.raises(DownloadPaused):
        make_link(Purchase.objects.get())
    nothing_is_out_of_place()
    bank(bounty, LOST)
    assert balance_of(work.maker).total == 0 and balance(FEE) == 0 and balance(BUYER) == 0
    assert not Purchase.objects.get().is_active
    assert reloaded(bounty).is_awarded and reloaded(line).payment_status == "refunded"
    assert reloaded(bounty.payment).status == "refunded"
    assert any("The bank has decided for the buyer" in title for title in told(work.maker))
    nothing_is_out_of_place()


def test_what_a_winner_has_got_is_released_where_it_is_won(bounty):
    work = submitted(bounty)
    line = award(submission=work, by=bounty.creator)
    before = balance_of(work.maker)
    bank(bounty, OPENED)
    bank(bounty, WON)
    assert balance_of(work.maker) == before and before.on_hold == line.seller_amount
    assert Purchase.objects.get().is_downloadable
    nothing_is_out_of_place()


def test_money_that_was_taken_twice_for_a_budget_ends_no_bounty(bounty):
    double = Payment.objects.create(
        payer=bounty.creator, purpose="bounty", method="card", provider="sandbox", provider_id="again",
        amount=ALL, currency="USD", double_of=bounty.payment, status="refund_due", bought_nothing=True,
        completed_at=timezone.now(),
    )  # fmt: skip
    assert apply_dispute(double, DisputeNews("dp_2", LOST, ALL, "twice")) == ""
    assert reloaded(bounty).is_open and balance(ESCROW) == ALL


def test_evidence_names_the_bounty_and_who_won_it(bounty):
    work = submitted(bounty)
    award(submission=work, by=bounty.creator)
    bank(bounty, OPENED)
    facts = {fact["label"]: fact["value"] for fact in evidence_of(bounty.payment.disputes.get())}
    assert bounty.title in facts["Bounty"] and "Chosen by its poster" in facts
    assert f"Bought: {work.model.title}" in facts


@hypothesis_settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    budget=st.decimals(Decimal("10.00"), Decimal("50000.00"), places=2),
    share=st.fractions(Fraction(1, 1000), 1) | st.just(Fraction(1)),
    awarded=st.booleans(),
)
def test_whatever_a_bank_takes_is_borne_to_the_cent(budget, share, awarded):
    taken = Decimal(int(int(budget * 100) * share) or 1) / 100
    owned = {account: balance(account) for account in (ESCROW, FEE, BUYER, LedgerEntry.Account.SELLER)}
    bounty = open_bounty(budget=budget)
    if awarded:
        award(submission=submitted(bounty), by=bounty.creator)
    bank(bounty, LOST, str(taken), number=f"dp_{bounty.pk}")
    change = {account: balance(account) - before for account, before in owned.items()}
    assert sum(change.values()) == 0
    assert change[BUYER] == taken - budget
    assert change[ESCROW] == (0 if awarded else budget - taken)
    assert Refund.objects.filter(payment=bounty.payment).completed().gross() == taken
    assert awarded or change[FEE] == 0
    nothing_is_out_of_place()


def test_what_a_bank_takes_beyond_what_was_paid_is_the_sites_loss(bounty):
    bank(bounty, LOST, "230.00")
    assert (balance(ESCROW), balance(FEE), balance(BUYER)) == (0, Decimal("-30.00"), Decimal("30.00"))
