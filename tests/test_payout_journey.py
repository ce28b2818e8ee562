"""A payout on the running site, by three people: asked for, approved by two, sent, and sent back by the bank."""

from decimal import Decimal

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from commerce.ledger import balance_of
from commerce.models import Payout
from commerce.tests.payouts import IBAN, details_of, earn, finance
from config.roles import ensure_roles
from core.models import AuditEntry, OutgoingMail
from tests.test_journey import log_in, verified

pytestmark = pytest.mark.full


def act(page, name: str, submit: str, **fields: str) -> None:
    """Press an action of a console's page, fill in its dialog, and send it."""
    page.locator("a, button").filter(has_text=name).first.click()
    dialog = page.locator("#dialog")
    dialog.wait_for()
    for field, value in fields.items():
        dialog.locator(f"[name={field}]").fill(value)
    dialog.get_by_role("button", name=submit).click()
    page.wait_for_load_state()


def test_a_payout_is_approved_by_two_sent_seen_and_returned(open_page):
    ensure_roles()
    seller = verified(UserFactory(creator=True, username="mira"))
    ana, boris = verified(finance(username="ana")), verified(finance(username="boris"))
    details_of(seller)
    earn(seller, "1200.00")

    sellers_page = open_page()
    log_in(sellers_page, seller)
    sellers_page.goto("/dashboard/financials/")
    sellers_page.get_by_text("$1,200.00").first.wait_for()
    sellers_page.get_by_role("link", name="Request a payout").click()
    sellers_page.get_by_label("Amount").fill("1000")
    sellers_page.get_by_role("button", name="Request the payout").click()
    sellers_page.wait_for_url("**/payouts/*-*/")
    payout = Payout.objects.get()
    assert (payout.amount, payout.approvals_needed) == (Decimal(1000), 2)
    payouts_page = sellers_page.url

    anas_page, boriss_page = open_page(), open_page()
    for page, person in ((anas_page, ana), (boriss_page, boris)):
        log_in(page, person)
        page.goto(f"/admin/commerce/payout/{payout.pk}/change/")
        act(page, "Approve", "Approve")
        page.get_by_text("Your approval was recorded.").wait_for()
    payout.refresh_from_db()
    assert (payout.first_approver, payout.second_approver) == (ana, boris)

    act(anas_page, "Show the details in full", "Show")
    anas_page.get_by_text(IBAN).wait_for()
    assert AuditEntry.objects.get(action="payout_details.revealed").actor == ana

    boriss_page.goto("/admin/commerce/payout/?todo=batch")
    boriss_page.locator("input[name=_selected_action]").check()
    boriss_page.locator("select[name=action]").select_option("put_into_batches")
    boriss_page.get_by_role("button", name="Run").click()
    boriss_page.wait_for_url("**/payoutbatch/*/change/**")
    with boriss_page.expect_download() as download:
        boriss_page.get_by_role("link", name="CSV for the bank").click()
    assert IBAN in download.value.path().read_text()
    act(boriss_page, "Mark as paid", "It was sent", reference="SEPA 17")
    boriss_page.get_by_text("The batch is paid.").wait_for()

    sellers_page.goto(payouts_page)
    sellers_page.get_by_text("Paid", exact=True).first.wait_for()

    anas_page.goto(f"/admin/commerce/payout/{payout.pk}/change/")
    act(anas_page, "The bank returned it", "It came back", reason="The account is closed.")
    anas_page.get_by_text("The payout was returned.").wait_for()
    sellers_page.reload()
    sellers_page.get_by_text("The account is closed.").first.wait_for()
    sellers_page.goto("/dashboard/financials/")
    sellers_page.get_by_text("$1,200.00").first.wait_for()
    assert balance_of(User.objects.get(pk=seller.pk)).available == Decimal(1200)
    told = OutgoingMail.objects.filter(kind="commerce/payout", recipient=seller).order_by("pk")
    assert [mail.subject.split()[-1] for mail in told] == ["$1,000.00", "approved", "paid", "back"]
