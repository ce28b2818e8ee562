"""What moderators decide: refused where it is theirs, carried out, told, and reversed to what was before."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import standing
from accounts.models import Notification, Report
from accounts.tests.factories import UserFactory
from blog.tests.factories import BlogCommentFactory, TestimonialFactory
from commerce.actions.bounties import comments as bounty_comments
from commerce.models import ProceedsHold
from commerce.tests.bounty_factories import open_bounty
from commerce.tests.factories import purchase_of, review_of
from community.tests.factories import CommunityFactory, PostCommentFactory, PostFactory
from core.models import AuditEntry, OutgoingMail
from marketplace.models import Model3D
from marketplace.tests.factories import CollectionFactory, CommentFactory, Model3DFactory
from support.actions.safety.deciding import decide, take_back
from support.actions.safety.deciding import reverse as reverse_decision
from support.exceptions import SafetyRefused
from support.models import ModerationDecision
from support.safety import remedies
from support.safety.targets import TARGETS
from support.tests.safety.making import Measure, Reason, decided, moderator, reported, subject_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def model():
    return Model3DFactory(listed=True, title="Walnut chest", creator=UserFactory(creator=True))


def again(row):
    return type(row)._base_manager.get(pk=row.pk)


def test_nobody_decides_about_their_own_or_what_they_reported_or_without_a_reason(model):
    own = Model3DFactory(listed=True, creator=moderator())
    reported(own, own.creator)
    with pytest.raises(SafetyRefused, match="This is yours"):
        decide(subject=subject_of(own), by=own.creator, measure=Measure.DISMISS)
    by = moderator()
    reported(model, model.creator, by=by)
    with pytest.raises(SafetyRefused, match="You have reported it"):
        decide(subject=subject_of(model), by=by, measure=Measure.DISMISS)
    for missing in ({"reason": "", "note": "x"}, {"reason": Reason.SPAM, "note": " "}):
        with pytest.raises(SafetyRefused, match="Say why"):
            decide(subject=subject_of(model), by=moderator(), measure=Measure.WARN, **missing)
    assert not ModerationDecision.objects.exists()
    assert Report.objects.open().count() == 2


def test_the_database_holds_to_it_as_well(model):
    made = decided(model, model.creator)
    for wrong in (
        {"owner": made.by},
        {"note": ""},
        {"reversed_at": timezone.now()},
        {"mend_by": timezone.now()},
        {"reversed_at": timezone.now(), "reversed_by": made.by},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ModerationDecision.objects.filter(pk=made.pk).update(**wrong)


def test_a_dismissal_changes_nothing_and_its_owner_hears_nothing(model, client):
    reporter = UserFactory()
    reported(model, model.creator, by=reporter)
    made = decide(subject=subject_of(model), by=moderator(), measure=Measure.DISMISS)
    assert again(model).is_listed
    assert Report.objects.get().state == Report.State.DISMISSED
    assert not Notification.objects.filter(user=model.creator).exists()
    told = Notification.objects.get(user=reporter)
    assert (told.kind, told.link) == ("decision", made.get_absolute_url())
    client.force_login(model.creator)
    assert client.get(made.get_absolute_url()).status_code == 404


def test_a_removed_model_is_off_the_site_and_its_owner_learns_what_why_and_by_when(model, client):
    reporter, by = UserFactory(), moderator()
    reported(model, model.creator, by=reporter)
    before = UserFactory._meta.model.objects.get(pk=model.creator_id).total_models
    made = decide(
        subject=subject_of(model),
        by=by,
        measure=Measure.REMOVE,
        reason=Reason.COPYRIGHT,
        note="It is Mira’s chest.",
        evidence="See the lid.",
    )
    model = again(model)
    assert (model.is_removed, model.in_catalogue, made.effects) == (True, False, ["removed"])
    assert model.removal_reason.endswith("It is Mira’s chest.")
    assert again(model.creator).total_models == before - 1
    mail = OutgoingMail.objects.get(recipient=model.creator)
    assert mail.subject == "“Walnut chest” was removed"
    for said in ("It is Mira’s chest.", "See the lid.", "appeal by", made.get_absolute_url()):
        assert said in mail.text
    assert AuditEntry.objects.filter(action="decision.remove", actor=by).exists()
    client.force_login(model.creator)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "It is Mira’s chest." in page
    assert "Another person" in page
    # Who reported it hears that something was done, and nothing of why.
    client.force_login(reporter)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "We have acted on it." in page
    assert "Mira" not in page
    client.force_login(UserFactory())
    assert client.get(made.get_absolute_url()).status_code == 404


def test_a_reversal_restores_the_model_and_says_that_its_reporters_were_wrong(model):
    made = decided(model, model.creator, measure=Measure.HIDE)
    assert made.mend_by is not None
    assert reverse_decision(decision=made, by=moderator())
    assert not reverse_decision(decision=made, by=moderator())
    made = again(made)
    assert again(model).is_listed
    assert (made.is_reversed, made.effects) == (True, [])
    assert Report.objects.get().state == Report.State.DISMISSED
    assert OutgoingMail.objects.latest("pk").subject == "The decision about “Walnut chest” was reversed"


def test_what_was_so_before_or_is_wanted_by_another_decision_stays(model):
    first = decided(model, model.creator, measure=Measure.HIDE)
    second = decided(model, model.creator, measure=Measure.REMOVE)
    assert second.effects == []
    reverse_decision(decision=first, by=moderator())
    assert again(model).is_removed
    assert again(second).effects == ["removed"]
    reverse_decision(decision=again(second), by=moderator())
    assert again(model).is_listed


def test_a_suspension_is_lifted_with_its_decision_and_needs_a_permission_of_its_own(model):
    weak = UserFactory(staff=True, permissions=["support.decide_report"])
    reported(model, model.creator)
    with pytest.raises(SafetyRefused, match="You may not decide this"):
        decide(subject=subject_of(model), by=weak, measure=Measure.SUSPEND, reason=Reason.HATE, note="x")
    made = decided(model, model.creator, measure=Measure.SUSPEND)
    assert not again(model.creator).is_active
    assert not again(model).in_catalogue
    reverse_decision(decision=made, by=moderator())
    assert again(model.creator).is_active
    assert again(model).in_catalogue


def test_whoever_was_suspended_before_stays_so(model):
    from_before = decided(model.creator, model.creator, measure=Measure.SUSPEND)
    made = decided(model, model.creator, measure=Measure.SUSPEND)
    assert made.effects == []
    reverse_decision(decision=made, by=moderator())
    assert not again(model.creator).is_active
    reverse_decision(decision=from_before, by=moderator())
    assert again(model.creator).is_active


def test_a_suspension_with_an_end_makes_way_for_a_decision_without_and_comes_back_with_its_reversal(model):
    person, end = model.creator, timezone.now() + timedelta(days=3)
    standing.suspend(user=person, by=moderator(), reason="For three days.", until=end)
    made = decided(model, person, measure=Measure.SUSPEND)
    assert made.effects == ["suspended"]
    standing.lift_due(end + timedelta(days=1))
    assert not again(person).is_active
    reverse_decision(decision=made, by=moderator())
    assert not again(person).is_active
    assert person.suspensions.running().get().ends_at == end
    assert standing.lift_due(end + timedelta(days=1)) == 1
    assert again(person).is_active


def test_a_reversal_does_not_let_in_who_was_suspended_for_something_else_meanwhile(model):
    person = model.creator
    first = decided(model, person, measure=Measure.SUSPEND, note="First.")
    standing.restore(user=person, by=moderator())
    second = decided(person, person, measure=Measure.SUSPEND, note="Second.", by=first.by)
    assert second.effects == ["suspended"]
    reverse_decision(decision=first, by=moderator())
    assert not again(person).is_active
    reverse_decision(decision=again(second), by=moderator())
    assert again(person).is_active
    third = decided(model, person, measure=Measure.SUSPEND, note="Third.")
    standing.restore(user=person, by=moderator())
    standing.suspend(user=person, by=moderator(), reason="By hand.")
    reverse_decision(decision=third, by=moderator())
    assert not again(person).is_active


def ending(days: int):
    return timezone.now() + timedelta(days=days)


def test_only_a_suspension_has_an_end_and_one_in_sight(model, client):
    reported(model, model.creator)
    by = moderator()
    wrong_ends = ((3, Measure.WARN), (-1, Measure.SUSPEND), (9999, Measure.SUSPEND))
    for days, measure in wrong_ends:
        what = {
            "subject": subject_of(model),
            "by": by,
            "measure": measure,
            "reason": Reason.HATE,
            "note": "x",
        }
        with pytest.raises(SafetyRefused, match="end"):
            decide(**what, until=ending(days))
    client.force_login(by)
    address = reverse("safety_case", args=[ContentType.objects.get_for_model(model).pk, model.pk])
    sent = {"measure": "suspend", "reason": "hate", "note": "Threats."}
    days = [f"{ending(days):%Y-%m-%d}" for days in (-1, 0, 5 * 366)]
    for wrong in (*days, "tomorrow", "99999-01-01", "2027-02-30"):
        answer = client.post(address, sent | {"until": wrong})
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"until"}), wrong
    answer = client.post(address, sent | {"measure": "warn", "until": f"{ending(3):%Y-%m-%d}"})
    assert answer.context["form"].errors["until"] == ["Only a suspension has an end."]
    assert not ModerationDecision.objects.exists()
    made = decided(model, model.creator, measure=Measure.WARN)
    for wrong in (
        {"ends_at": ending(3)},
        {"measure": "suspend", "mend_by": None, "ends_at": made.created_at},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ModerationDecision.objects.filter(pk=made.pk).update(**wrong)


def test_a_suspension_with_an_end_says_so_where_it_is_told_and_ends_by_itself(model, client):
    reported(model, model.creator)
    client.force_login(moderator())
    address = reverse("safety_case", args=[ContentType.objects.get_for_model(model).pk, model.pk])
    day = timezone.localdate() + timedelta(days=3)
    sent = {"measure": "suspend", "reason": "hate", "note": "Threats.", "until": day.isoformat()}
    assert client.post(address, sent).status_code == 302
    made, person = ModerationDecision.objects.get(), again(model.creator)
    assert person.suspensions.running().get().ends_at == made.ends_at
    assert timezone.localtime(made.ends_at).date() == day
    says = f"It ends by itself on {day:%-d %B %Y}, 00:00 UTC."
    assert says in OutgoingMail.objects.get(recipient=person).text
    assert client.get(reverse("admin:support_moderationdecision_change", args=[made.pk])).status_code == 200
    assert standing.lift_due(made.ends_at) == 1
    client.force_login(again(person))
    assert says in client.get(made.get_absolute_url()).content.decode()
    over = timezone.now() - timedelta(minutes=1)
    ModerationDecision.objects.filter(pk=made.pk).update(created_at=ending(-5), ends_at=over)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Your account was suspended" in page
    assert f"It ended by itself on {over:%-d %B %Y}" in page


def suspended(person, days: int | None, *, by) -> ModerationDecision:
    reported(person, person)
    return decide(
        subject=subject_of(person),
        by=by,
        measure=Measure.SUSPEND,
        reason=Reason.HATE,
        note="The same words each time.",
        until=None if days is None else ending(days),
    )


def outside_until(person):
    """In days from now, 0 where they are in, None where nothing ends it."""
    running = person.suspensions.running().first()
    assert again(person).is_active == (running is None)
    if running is None:
        return 0
    return running.ends_at and round((running.ends_at - timezone.now()) / timedelta(days=1))


@pytest.mark.parametrize(
    ("ends", "reversed_first", "then"),
    [
        ((3, 30), 0, 30),
        ((3, 30), 1, 3),
        ((30, 3), 0, 3),
        ((30, 3), 1, 30),
        ((None, 3), 0, 3),
        ((3, None), 0, None),
        ((3, None), 1, 3),
        ((None, None), 0, None),
    ],
)
def test_of_two_suspensions_one_reversed_the_other_goes_on_and_with_both_reversed_they_are_in(
    ends, reversed_first, then
):
    person, by = UserFactory(), moderator()
    made = [suspended(person, days, by=by) for days in ends]
    assert outside_until(person) == (None if None in ends else max(ends))
    reverse_decision(decision=made[reversed_first], by=by)
    assert outside_until(person) == then
    told = OutgoingMail.objects.filter(recipient=person).latest("pk")
    assert "Your account stays suspended" in told.text
    reverse_decision(decision=again(made[1 - reversed_first]), by=by)
    assert outside_until(person) == 0
    told = OutgoingMail.objects.filter(recipient=person).latest("pk")
    assert "You can log in" in told.text
    assert not OutgoingMail.objects.filter(kind__in=["accounts/suspended", "accounts/restored"]).exists()


def test_whoever_is_suspended_for_longer_reads_no_end_that_is_none():
    person, by = UserFactory(), moderator()
    longer, shorter = suspended(person, None, by=by), suspended(person, 3, by=by)
    told = OutgoingMail.objects.filter(recipient=person).latest("pk").text
    assert "suspended already, for longer than until" in told
    assert "It ends by itself" not in told
    reverse_decision(decision=longer, by=by)
    assert "It ends by itself" in remedies.meaning(again(shorter))


def test_what_was_over_or_lifted_by_hand_keeps_nobody_out_when_a_later_decision_is_reversed():
    person, by = UserFactory(), moderator()
    suspended(person, None, by=by)
    suspended(person, 3, by=by)
    standing.restore(user=person, by=by)
    later = suspended(person, None, by=by)
    reverse_decision(decision=later, by=by)
    assert outside_until(person) == 0
    short, long = suspended(person, 3, by=by), suspended(person, None, by=by)
    ModerationDecision.objects.filter(pk=short.pk).update(created_at=ending(-5), ends_at=ending(-1))
    reverse_decision(decision=long, by=by)
    assert outside_until(person) == 0


def test_staff_is_suspended_by_administrators_only():
    boss = moderator()
    with pytest.raises(SafetyRefused, match="only administrators"):
        decided(boss, boss, measure=Measure.SUSPEND)
    assert not ModerationDecision.objects.exists()


def test_proceeds_are_held_while_the_model_stays_and_released_by_the_reversal(model):
    Model3D.objects.filter(pk=model.pk).update(price="20.00")
    purchase_of(UserFactory(), again(model))
    made = decided(model, model.creator, measure=Measure.HOLD)
    assert again(model).is_listed
    assert ProceedsHold.objects.open().get() == made.hold
    reverse_decision(decision=made, by=moderator())
    assert not ProceedsHold.objects.open().exists()


def things():
    """One of every kind that can be taken off the site, with whose it is, and whether it is there."""
    comment = CommentFactory(model=Model3DFactory(listed=True))
    yield comment, comment.author, lambda row: row.is_standing
    blog = BlogCommentFactory()
    yield blog, blog.author, lambda row: row.is_standing
    collection = CollectionFactory()
    yield collection, collection.owner, lambda row: row.is_open_to_all
    said = TestimonialFactory(approved=True)
    yield said, said.author, lambda row: row.is_shown
    community = CommunityFactory()
    yield community, community.owner, lambda row: row.is_active
    post = PostFactory()
    yield post, post.author, lambda row: row.is_standing
    answer = PostCommentFactory()
    yield answer, answer.author, lambda row: row.is_standing
    review = review_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("5.00")))
    yield review, review.author, lambda row: row.is_counted
    bounty = open_bounty(UserFactory())
    yield bounty, bounty.creator, lambda row: not row.is_removed
    remark = bounty_comments.post(bounty=open_bounty(UserFactory()), author=UserFactory(), body="How big?")
    yield remark, remark.author, lambda row: row.is_standing
    model = Model3DFactory(listed=True)
    yield model, model.creator, lambda row: row.is_listed


def test_things_of_every_kind_come_down_and_are_there_again_and_their_owners_hear_of_it_once():
    kinds = set()
    for thing, owner, is_there in things():
        assert is_there(again(thing)), thing
        told = told_by(owner)
        made = decided(thing, owner, measure=Measure.REMOVE, reason=Reason.SPAM, note="Advertising.")
        assert made.effects == ["removed"], thing
        assert not is_there(again(thing)), thing
        assert told_by(owner) - told == Counter(decision=1, mail=1), thing
        told = told_by(owner)
        reverse_decision(decision=made, by=moderator())
        assert is_there(again(thing)), thing
        assert told_by(owner) - told == Counter(decision=1, mail=1), thing
        kinds.add(type(thing))
    assert {kind for kind, target in TARGETS.items() if target.take_down} == kinds


def told_by(person) -> Counter:
    """How much they have heard: notifications by their kind, and mails."""
    kinds = Notification.objects.filter(user=person).values_list("kind", flat=True)
    return Counter(kinds) + Counter(mail=OutgoingMail.objects.filter(recipient=person).count())


def test_what_was_deleted_since_can_only_be_dismissed_or_answered_for(model):
    comment = CommentFactory()
    reported(comment, comment.author)
    subject = subject_of(comment)
    comment.delete()
    fresh = type(subject)(subject.content_type, subject.object_id, subject.title, subject.link, subject.owner)
    assert set(fresh.measures) == {Measure.DISMISS, Measure.WARN, Measure.SUSPEND}


def test_a_moderator_takes_a_decision_back_unless_an_appeal_waits(model, client):
    made = decided(model, model.creator, measure=Measure.WARN)
    client.force_login(model.creator)
    client.post(
        reverse("support:appeal", args=[made.public_id]), {"text": "Nothing was wrong with it at all."}
    )
    with pytest.raises(SafetyRefused, match="An appeal waits"):
        take_back(decision=made, by=moderator())
    made.appeals.all().delete()
    client.force_login(moderator())
    address = reverse("admin:support_moderationdecision_take_it_back", args=[made.pk])
    assert client.post(address, {"_form_submitted": "1"}).status_code == 302
    assert again(made).is_reversed


def test_nobody_takes_back_what_was_decided_about_their_own_report_or_what_they_may_not_decide(model):
    by = moderator()
    reported(model, model.creator, by=by)
    made = decide(subject=subject_of(model), by=moderator(), measure=Measure.DISMISS)
    with pytest.raises(SafetyRefused, match="It concerns you"):
        take_back(decision=made, by=by)
    made = decided(model, model.creator, measure=Measure.SUSPEND)
    with pytest.raises(SafetyRefused, match="You may not decide this"):
        take_back(decision=made, by=UserFactory(staff=True, permissions=["support.decide_report"]))
    assert not again(made).is_reversed


def test_of_two_moderators_who_decide_at_once_the_second_is_shown_what_the_first_decided(model, client):
    reported(model, model.creator)
    address = reverse("safety_case", args=[ContentType.objects.get_for_model(model).pk, model.pk])
    client.force_login(moderator())
    assert 'name="seen" value="0"' in client.get(address).content.decode()
    first = decide(
        subject=subject_of(model), by=moderator(), measure=Measure.WARN, reason=Reason.SPAM, note="Too loud."
    )
    sent = {"measure": "remove", "reason": "spam", "note": "Advertising.", "seen": "0"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody has decided about it since" in page
    assert "Advertising." in page
    assert f'name="seen" value="{first.pk}"' in page
    assert again(model).is_listed
    assert client.post(address, sent | {"seen": first.pk}).status_code == 302
    assert again(model).is_removed


def test_the_form_says_beside_the_field_what_is_missing(model, client):
    reported(model, model.creator)
    client.force_login(moderator())
    address = reverse("safety_case", args=[ContentType.objects.get_for_model(model).pk, model.pk])
    answer = client.post(address, {"measure": "remove"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reason", "note"}
    assert client.post(address, {"measure": "burn"}).status_code == 422
    sent = {"measure": "remove", "reason": "spam", "note": "Advertising.", "next": "1"}
    assert client.post(address, sent).url == reverse("safety_queue")
    assert again(model).is_removed


def test_the_day_by_which_something_is_to_be_mended_is_told(model, client, settings):
    settings.MEND_DAYS = 5
    made = decided(model, model.creator, measure=Measure.WARN)
    assert made.mend_by - made.created_at == timedelta(days=5)
    client.force_login(model.creator)
    page = client.get(reverse("support:decisions")).content.decode()
    assert f"mend by {made.mend_by:%-d %b %Y}" in page


def test_who_reported_something_reads_on_their_page_what_became_of_it(model, client):
    reporter = UserFactory()
    reported(model, model.creator, by=reporter)
    made = decided(model, model.creator)
    client.force_login(reporter)
    page = client.get(reverse("support:decisions")).content.decode()
    assert "Acted on" in page and made.get_absolute_url() in page
