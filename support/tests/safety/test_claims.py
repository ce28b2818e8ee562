"""Copyright claims: filed by anybody, opened, answered, decided, appealed by either side; money held meanwhile."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.hold_returns import give_back
from commerce.exceptions import HoldRefused
from commerce.ledger import balance_of
from commerce.models import Refund
from commerce.tests.factories import purchase_of
from core.models import OutgoingMail
from marketplace.tests.factories import Model3DFactory
from support.actions.safety import claims
from support.actions.safety.appealing import file_appeal, hear
from support.actions.safety.deciding import reverse as reverse_decision
from support.exceptions import SafetyRefused
from support.models import Appeal, CopyrightClaim, ModerationDecision
from support.tests.safety.making import SAID, claimed, moderator, reported
from support.waiting import holds_to_settle

pytestmark = pytest.mark.django_db
Status = CopyrightClaim.Status
NOTHING = Decimal("0.00")
ANSWER = {"answer": "Mine is from 2019, see my sketches.", "signature": "Boris Valen"}


@pytest.fixture
def model():
    return Model3DFactory(
        listed=True, title="Walnut chest", creator=UserFactory(creator=True), price=Decimal("20.00")
    )


def again(row):
    return type(row)._base_manager.get(pk=row.pk)


def form(of, **changes) -> dict:
    return SAID | {
        "model": f"https://lathe.example/model/{of.pk}/",
        "email": "mira@example.com",
        "is_believed": "on",
        "is_accurate": "on",
        **changes,
    }


def held(model) -> Decimal:
    return balance_of(model.creator).held


def opened(model, **options) -> CopyrightClaim:
    claim = claimed(model, **options)
    claims.open_claim(claim=claim, by=moderator())
    return again(claim)


def link_in(mail, part: str) -> str:
    word = next(word for word in mail.text.split() if part in word)
    return word[word.index(part) :]


def test_nobody_claims_their_own_model_or_twice_or_something_they_cannot_see(model, client):
    with pytest.raises(SafetyRefused, match="This model is yours"):
        claimed(model, claimant=model.creator)
    claimed(model)
    with pytest.raises(SafetyRefused, match="not decided yet"):
        claimed(model)
    hidden = Model3DFactory(with_file=True)
    for wrong in (
        {"model": "no address"},
        {"model": f"/model/{hidden.pk}/"},
        {"model": "9" * 40},
        {"signature": "Somebody Else"},
        {"is_accurate": ""},
        {"work": "short"},
        {"own_model": f"/model/{model.pk}/"},
        {"email": "no address"},
        {"work_url": "javascript:alert(1)"},
    ):
        answer = client.post(reverse("support:new_claim"), form(model, **wrong))
        assert answer.status_code == 422, wrong
        assert set(wrong) <= set(answer.context["form"].errors) | {"own_model"}
    assert CopyrightClaim.objects.count() == 1


def test_a_visitor_confirms_their_address_before_anybody_looks_at_it(model, client):
    answer = client.post(reverse("support:new_claim"), form(model))
    assert "Look into your mail box" in answer.content.decode()
    claim = CopyrightClaim.objects.get()
    assert not CopyrightClaim.objects.confirmed().exists()
    with pytest.raises(SafetyRefused):
        claims.open_claim(claim=claim, by=moderator())
    path = link_in(OutgoingMail.objects.get(), "/copyright/confirm/")
    assert client.get("/copyright/confirm/nonsense/").status_code == 404
    assert "Confirm the claim" in client.get(path).content.decode()
    assert again(claim).confirmed_at is None
    assert "Confirmed." in client.post(path).content.decode()
    assert again(claim).confirmed_at is not None
    # Its page opens by the link of the next mail, and to nobody else.
    assert client.get(claim.get_absolute_url()).status_code == 404
    door = link_in(OutgoingMail.objects.latest("pk"), "/decisions/enter/")
    page = client.get(door, follow=True).content.decode()
    assert "A moderator looks at it" in page


def test_mailed_links_are_over_some_day_and_a_new_one_goes_to_the_same_address_only(model, client, settings):
    client.post(reverse("support:new_claim"), form(model))
    confirm = link_in(OutgoingMail.objects.get(), "/copyright/confirm/")
    settings.SAFETY_LINK_DAYS = 0
    claim = CopyrightClaim.objects.get()
    for answer in (client.get(confirm), client.post(confirm)):
        assert answer.status_code == 410
        assert "File it once more" in answer.content.decode()
    assert again(claim).confirmed_at is None
    claims.confirm(claim=claim)
    assert "Confirmed." in client.get(confirm).content.decode()
    door = link_in(OutgoingMail.objects.latest("pk"), "/decisions/enter/")
    answer = client.get(door)
    assert answer.status_code == 410
    assert "Send a new link" in answer.content.decode()
    assert client.get(claim.get_absolute_url()).status_code == 404
    assert "mira@" not in answer.content.decode()
    before = OutgoingMail.objects.count()
    assert "on its way" in client.post(door).content.decode()
    assert OutgoingMail.objects.count() == before + 1
    mail = OutgoingMail.objects.latest("pk")
    assert mail.to_address == "mira@example.com"
    settings.SAFETY_LINK_DAYS = 60
    assert client.get(link_in(mail, "/decisions/enter/"), follow=True).status_code == 200
    settings.SAFETY_LINK_DAYS = 0
    answers = [client.post(door).status_code for _ in range(5)]
    assert answers[-1] == 429


def test_programs_that_fill_in_everything_file_nothing(model, client):
    answer = client.post(reverse("support:new_claim"), form(model, website="https://spam.example"))
    assert answer.status_code == 200
    assert not CopyrightClaim.objects.exists()


def test_who_is_signed_in_with_a_confirmed_address_need_not_confirm(model, client):
    person = UserFactory()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.force_login(person)
    data = form(model)
    del data["email"]
    answer = client.post(reverse("support:new_claim"), data)
    claim = CopyrightClaim.objects.get()
    assert answer.url == claim.get_absolute_url()
    assert (claim.claimant, claim.email) == (person, person.email)
    assert claim.confirmed_at is not None
    client.force_login(model.creator)
    assert client.get(claim.get_absolute_url()).status_code == 404


def test_opened_the_model_stays_up_its_proceeds_are_held_and_both_sides_read_the_same(model, client):
    purchase_of(UserFactory(), model)
    claimant = UserFactory()
    claim = claimed(model, claimant=claimant, own_model=Model3DFactory(listed=True, creator=claimant))
    with pytest.raises(SafetyRefused, match="It concerns you"):
        claims.open_claim(claim=claim, by=model.creator)
    client.force_login(moderator())
    press = reverse("admin:support_copyrightclaim_open_it", args=[claim.pk])
    assert client.post(press, {"_form_submitted": "1"}).status_code == 302
    claim = again(claim)
    assert again(model).is_listed
    assert held(model) == Decimal("18.50")
    pages = []
    for person in (model.creator, claimant):
        client.force_login(person)
        pages.append(client.get(claim.get_absolute_url()).content.decode())
    for page in pages:
        assert "leaf by leaf" in page
        assert "What was measured" in page
        assert "Kirchweg" not in page
    mail = OutgoingMail.objects.filter(recipient=model.creator).get()
    assert "Answer by" in mail.text
    assert "Kirchweg" not in mail.text
    client.force_login(UserFactory())
    assert client.get(claim.get_absolute_url()).status_code == 404


def test_the_creator_answers_once_and_nobody_else_does(model, client):
    claimant = UserFactory()
    claim = opened(model, claimant=claimant)
    address = reverse("support:answer_claim", args=[claim.public_id])
    sent = ANSWER | {"is_accurate": "on"}
    client.force_login(claimant)
    client.post(address, sent)
    assert again(claim).answer == ""
    client.force_login(model.creator)
    assert client.post(address, {"answer": "short"}).status_code == 422
    client.post(address, sent)
    client.post(address, sent | {"answer": "Something else than I said before."})
    claim = again(claim)
    assert (claim.status, claim.answer) == (Status.COUNTERED, ANSWER["answer"])
    client.force_login(claimant)
    assert ANSWER["answer"] in client.get(claim.get_absolute_url()).content.decode()


def test_it_is_not_upheld_before_the_creator_was_heard(model):
    claim = claimed(model)
    for state in (claim, opened(Model3DFactory(listed=True))):
        with pytest.raises(SafetyRefused, match="has to be heard first"):
            claims.uphold(claim=state, by=moderator(), note="It is a copy.")
    late = opened(model=Model3DFactory(listed=True))
    CopyrightClaim.objects.filter(pk=late.pk).update(opened_at=timezone.now() - timedelta(days=11))
    claims.uphold(claim=late, by=moderator(), note="It is a copy.")
    assert again(late).status == Status.UPHELD


def test_upheld_the_model_is_off_and_an_appeal_of_its_creator_restores_it_and_the_money(model):
    purchase_of(UserFactory(), model)
    claim = opened(model)
    claims.counter(claim=claim, by=model.creator, **ANSWER)
    first = moderator()
    decision = claims.uphold(claim=claim, by=first, note="It is a copy.")
    assert again(model).is_removed
    assert held(model) == Decimal("18.50")
    appeal = file_appeal(
        decision=decision, side=Appeal.Side.OWNER, by=model.creator, text="See the sketches."
    )
    with pytest.raises(SafetyRefused, match="another person"):
        hear(appeal=appeal, by=first, is_granted=True, answer="Yes.")
    hear(appeal=appeal, by=moderator(), is_granted=True, answer="You are right.")
    assert again(model).is_listed
    assert held(model) == NOTHING
    assert again(claim).status == Status.DECLINED


def upheld(model, *, by=None) -> ModerationDecision:
    purchase_of(UserFactory(), model)
    claim = opened(model)
    claims.counter(claim=claim, by=model.creator, **ANSWER)
    return claims.uphold(claim=again(claim), by=by or moderator(), note="It is a copy.")


def test_held_money_does_not_go_back_to_buyers_while_it_may_still_be_the_sellers(model, client):
    purchase_of(UserFactory(), model)
    claim = opened(model)
    finance = UserFactory(staff=True, permissions=["commerce.settle_hold", "commerce.view_proceedshold"])

    def refused(because: str) -> None:
        with pytest.raises(HoldRefused, match=because):
            give_back(hold=claim.hold, by=finance, text="The claim was upheld.")
        assert not Refund.objects.exists()

    refused("not decided yet")
    claims.counter(claim=claim, by=model.creator, **ANSWER)
    decision = claims.uphold(claim=again(claim), by=moderator(), note="It is a copy.")
    refused(f"can appeal until {decision.appeal_by:%-d %B %Y}")
    client.force_login(finance)
    press = reverse("admin:commerce_proceedshold_return_it", args=[claim.hold_id])
    page = client.post(press, {"_form_submitted": "1", "text": "x"}, follow=True).content.decode()
    assert "The seller can appeal until" in page
    appeal = file_appeal(
        decision=decision, side=Appeal.Side.OWNER, by=model.creator, text="See the sketches."
    )
    ModerationDecision.objects.filter(pk=decision.pk).update(appeal_by=timezone.now() - timedelta(days=1))
    refused("has appealed")
    assert not holds_to_settle().exists()
    hear(appeal=appeal, by=moderator(), is_granted=False, answer="It is Mira’s.")
    assert holds_to_settle().get() == claim.hold
    assert give_back(hold=claim.hold, by=finance, text="The claim was upheld.") == []
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("appeals", [True, False])
def test_after_an_appeal_in_vain_or_the_last_day_of_one_the_buyers_get_their_money(model, appeals):
    decision = upheld(model)
    if appeals:
        words = {"side": Appeal.Side.OWNER, "by": model.creator, "text": "See the sketches."}
        appeal = file_appeal(decision=decision, **words)
        hear(appeal=appeal, by=moderator(), is_granted=False, answer="It is Mira’s.")
    else:
        ModerationDecision.objects.filter(pk=decision.pk).update(appeal_by=timezone.now())
    hold = decision.claim.hold
    assert holds_to_settle().get() == hold
    assert give_back(hold=hold, by=UserFactory(), text="The claim was upheld.") == []
    assert again(hold).outcome == "returned"


def test_declined_the_money_is_free_and_an_appeal_of_the_claimant_holds_it_again(model):
    purchase_of(UserFactory(), model)
    claimant = UserFactory()
    claim = opened(model, claimant=claimant)
    decision = claims.decline(claim=claim, by=moderator(), note="They are not alike.")
    assert (again(claim).status, held(model)) == (Status.DECLINED, NOTHING)
    assert decision.measure == ModerationDecision.Measure.DISMISS
    appeal = file_appeal(
        decision=decision, side=Appeal.Side.OTHER, by=claimant, text="Look at the lid again."
    )
    hear(appeal=appeal, by=moderator(), is_granted=True, answer="We look again.")
    claim = again(claim)
    assert (claim.status, claim.decided_at) == (Status.OPEN, None)
    assert held(model) == Decimal("18.50")
    claims.counter(claim=claim, by=model.creator, **ANSWER)
    claims.uphold(claim=claim, by=moderator(), note="It is a copy after all.")
    assert again(model).is_removed


def test_its_writer_withdraws_it_and_the_creator_cannot(model, client):
    purchase_of(UserFactory(), model)
    claimant = UserFactory()
    claim = opened(model, claimant=claimant)
    address = reverse("support:withdraw_claim", args=[claim.public_id])
    client.force_login(model.creator)
    client.post(address)
    assert again(claim).is_undecided
    client.force_login(claimant)
    client.post(address)
    assert (again(claim).status, held(model)) == (Status.WITHDRAWN, NOTHING)
    assert not claims.withdraw(claim=claim, by=claimant)


def test_a_free_model_has_nothing_to_hold():
    claim = opened(Model3DFactory(listed=True, free=True))
    assert claim.hold is None


def test_the_database_holds_to_the_course_of_a_claim(model):
    claim = claimed(model)
    for wrong in (
        {"status": "upheld"},
        {"status": "countered", "opened_at": timezone.now()},
        {"answer": "x"},
        {"status": "open"},
        {"decided_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CopyrightClaim.objects.filter(pk=claim.pk).update(**wrong)


def test_moderators_see_confirmed_claims_only_and_others_none(model, client):
    claims.file_claim(model=model, claimant=None, is_confirmed=False, **SAID, email="a@example.com")
    claim = claimed(model)
    address = reverse("admin:support_copyrightclaim_changelist")
    client.force_login(UserFactory(staff=True))
    assert client.get(address).status_code == 403
    client.force_login(moderator())
    assert list(client.get(address).context["cl"].queryset) == [claim]
    for name in ("copyrightclaim", "appeal", "moderationdecision"):
        assert client.get(reverse(f"admin:support_{name}_changelist")).status_code == 200
    assert client.get(reverse("admin:support_copyrightclaim_change", args=[claim.pk])).status_code == 200


def test_whose_model_it_is_hears_nothing_of_a_claim_that_nobody_opened(model, client):
    claim = claimed(model)
    claims.decline(claim=claim, by=moderator(), note="No likeness at all.")
    taken_back = claimed(model, claimant=UserFactory())
    claims.withdraw(claim=taken_back, by=taken_back.claimant)
    client.force_login(model.creator)
    for one in (claim, taken_back):
        assert client.get(one.get_absolute_url()).status_code == 404
    assert "Mira Holm" not in client.get(reverse("support:decisions")).content.decode()
    assert not OutgoingMail.objects.filter(recipient=model.creator).exists()


def test_who_only_reported_the_model_does_not_read_the_decision_about_a_claim_to_it(model, client):
    reporter, claimant = UserFactory(), UserFactory()
    reported(model, model.creator, by=reporter)
    claim = opened(model, claimant=claimant)
    claims.counter(claim=claim, by=model.creator, **ANSWER)
    made = claims.uphold(claim=again(claim), by=moderator(), note="Leaf by leaf the same.")
    for person, reads in ((claimant, True), (reporter, False)):
        client.force_login(person)
        page = client.get(made.get_absolute_url())
        assert page.status_code == 200
        assert ("Leaf by leaf" in page.content.decode()) == reads
        assert (claim.get_absolute_url() in page.content.decode()) == reads


def test_a_withdrawal_and_both_reversals_reach_the_other_side(model):
    claim = opened(model)
    claims.withdraw(claim=claim, by=None)
    assert (
        OutgoingMail.objects.filter(recipient=model.creator, subject__contains="was withdrawn").count() == 1
    )
    claim = opened(model)
    made = claims.decline(claim=claim, by=moderator(), note="No likeness.")
    reverse_decision(decision=made, by=moderator())
    told = OutgoingMail.objects.get(recipient=model.creator, subject__contains="is looked at again")
    assert "What it earns is held" in told.text
    claims.counter(claim=again(claim), by=model.creator, **ANSWER)
    made = claims.uphold(claim=again(claim), by=moderator(), note="The same.")
    reverse_decision(decision=made, by=moderator())
    assert (
        OutgoingMail.objects.filter(to_address="mira@example.com", subject__contains="reversed").count() == 1
    )


def test_a_claim_is_not_reopened_beside_a_newer_one_of_its_writer(model, client):
    claim = opened(model)
    made = claims.decline(claim=claim, by=moderator(), note="No likeness.")
    newer = claimed(model)
    appeal = file_appeal(
        decision=made, side=Appeal.Side.OTHER, by=None, text="Look at the lid once more, please."
    )
    with pytest.raises(SafetyRefused, match="A newer claim"):
        hear(appeal=appeal, by=moderator(), is_granted=True, answer="Yes.")
    assert again(appeal).is_open
    claims.withdraw(claim=newer, by=None)
    hear(appeal=appeal, by=moderator(), is_granted=True, answer="Yes.")
    assert again(claim).is_undecided


def test_who_has_an_account_without_an_address_is_asked_for_one(model, client):
    client.force_login(UserFactory(email=""))
    data = form(model)
    answer = client.post(reverse("support:new_claim"), data | {"email": ""})
    assert answer.status_code == 422
    assert "email" in answer.context["form"].errors
    client.post(reverse("support:new_claim"), data)
    assert OutgoingMail.objects.get().to_address == "mira@example.com"
