"""Applying and handing in: who may, with what, and who sees it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notification, UserBlock
from accounts.tests.factories import UserFactory
from commerce.actions.bounties.working import (
    apply,
    decline,
    submit,
    withdraw_application,
    withdraw_submission,
)
from commerce.exceptions import BountyRefused
from commerce.models import Bounty, BountyApplication, BountySubmission
from commerce.tests.bounty_factories import (
    applied,
    open_bounty,
    past_deadline,
    submitted,
    unpaid_bounty,
    work_of,
)
from commerce.tests.concurrency import at_once
from commerce.tests.factories import purchase_of
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory


@pytest.mark.django_db
def test_nobody_applies_to_their_own_a_closed_or_an_unpaid_bounty():
    bounty = open_bounty()
    for closed, person in (
        (bounty, bounty.creator),
        (past_deadline(open_bounty()), UserFactory()),
        (unpaid_bounty(), UserFactory()),
    ):
        with pytest.raises(BountyRefused):
            apply(bounty=closed, applicant=person, message="Me!")
    assert not BountyApplication.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("blocker", ["poster", "applicant"])
def test_people_who_have_blocked_each_other_do_not_work_for_each_other(blocker):
    bounty, person = open_bounty(), UserFactory()
    first, second = (bounty.creator, person) if blocker == "poster" else (person, bounty.creator)
    UserBlock.objects.create(blocker=first, blocked=second)
    with pytest.raises(BountyRefused):
        apply(bounty=bounty, applicant=person, message="Me!")


@pytest.mark.django_db
def test_an_application_is_there_once_however_often_it_is_sent_and_comes_back_after_it_was_withdrawn():
    bounty, person = open_bounty(), UserFactory()
    application = applied(bounty, person)
    assert applied(bounty, person) == application
    bounty.refresh_from_db()
    assert bounty.applicants == 1
    withdraw_application(application=application)
    withdraw_application(application=application)
    bounty.refresh_from_db()
    assert bounty.applicants == 0
    applied(bounty, person)
    bounty.refresh_from_db()
    assert bounty.applicants == 1
    assert Notification.objects.filter(user=bounty.creator, actor=person).count() == 1


@pytest.mark.django_db
def test_who_was_declined_cannot_apply_or_hand_in():
    bounty = open_bounty()
    application = applied(bounty)
    decline(application=application)
    bounty.refresh_from_db()
    assert bounty.applicants == 0
    with pytest.raises(BountyRefused):
        applied(bounty, application.applicant)
    with pytest.raises(BountyRefused):
        submit(application=application, model=work_of(application.applicant))


@pytest.mark.django_db
def test_who_has_handed_in_cannot_be_declined_so_that_a_poster_cannot_cancel_after_all():
    submission = submitted(open_bounty())
    with pytest.raises(BountyRefused):
        decline(application=submission.application)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"listed": True}, "on the marketplace"),
        ({"with_file": True, "free": True}, "a price first"),
        ({"with_file": True, "sales_count": 1}, "sold before"),
        ({}, "no processed file"),
        ({"with_file": True, "removed_at": timezone.now()}, "no longer on the site"),
    ],
)
def test_what_the_poster_could_get_otherwise_or_see_unprotected_is_not_taken(state, words):
    application = applied(open_bounty())
    model = Model3DFactory(creator=application.applicant, **state)
    with pytest.raises(BountyRefused, match=words):
        submit(application=application, model=model)


@pytest.mark.django_db
def test_nobody_hands_in_the_model_of_somebody_else_or_one_that_they_deleted():
    application = applied(open_bounty())
    deleted = work_of(application.applicant, deleted_at=timezone.now(), is_published=False)
    for model in (work_of(UserFactory(creator=True)), deleted):
        with pytest.raises(BountyRefused):
            submit(application=application, model=model)


@pytest.mark.django_db
def test_only_so_many_are_handed_in_at_a_time_and_each_once():
    application = applied(open_bounty())
    maker = application.applicant
    first = submit(application=application, model=work_of(maker))
    assert submit(application=application, model=first.model) == first
    for _ in range(BountySubmission.MAX_PER_APPLICATION - 1):
        submit(application=application, model=work_of(maker))
    more = work_of(maker)
    with pytest.raises(BountyRefused):
        submit(application=application, model=more)
    withdraw_submission(submission=first)
    submit(application=application, model=more)
    assert application.submissions.standing().count() == BountySubmission.MAX_PER_APPLICATION


@pytest.mark.django_db
def test_only_poster_maker_and_staff_see_what_was_handed_in():
    bounty = open_bounty()
    submission = submitted(bounty)
    rival = submitted(bounty).maker
    support = UserFactory(staff=True, permissions=["commerce.decide_bounty"])
    for person, sees in (
        (bounty.creator, True),
        (submission.maker, True),
        (support, True),
        (rival, False),
        (UserFactory(), False),
    ):
        listed = BountySubmission.objects.visible_to(person).filter(pk=submission.pk).exists()
        assert (listed, submission.is_visible_to(person)) == (sees, sees)
    # Handing in opens the model itself to nobody.
    assert not Model3D.objects.visible_to(bounty.creator).filter(pk=submission.model_id).exists()


@pytest.mark.django_db
def test_the_poster_does_not_see_what_was_taken_back():
    bounty = open_bounty()
    submission = submitted(bounty)
    withdraw_submission(submission=submission)
    submission.refresh_from_db()
    assert not submission.is_visible_to(bounty.creator)
    assert not BountySubmission.objects.visible_to(bounty.creator).exists()


@pytest.mark.django_db
def test_what_can_be_awarded_is_the_same_in_lists_and_pages():
    bounty = open_bounty()
    there = submitted(bounty)
    gone = [submitted(bounty) for _ in range(4)]
    withdraw_submission(submission=gone[0])
    Model3D.objects.filter(pk=gone[1].model_id).update(deleted_at=timezone.now(), is_published=False)
    Model3D.objects.filter(pk=gone[2].model_id).update(removed_at=timezone.now())
    gone[3].maker.is_active = False
    gone[3].maker.save()
    rows = BountySubmission.objects.with_page_data()
    assert [row.pk for row in rows if row.can_be_awarded] == [there.pk]
    assert list(BountySubmission.objects.awardable()) == [there]


@pytest.mark.django_db
def test_a_model_that_somebody_has_is_never_erased_though_it_was_never_on_the_marketplace():
    model = Model3DFactory(listed=True)
    purchase_of(UserFactory(), model)
    Model3D.objects.filter(pk=model.pk).update(published_at=None, status="draft", submitted_at=None)
    model.refresh_from_db()
    assert not model.is_nobodys
    Model3D.objects.filter(pk=model.pk).update(
        deleted_at=timezone.now() - timedelta(days=400), is_published=False
    )
    assert not Model3D.objects.purgeable().filter(pk=model.pk).exists()


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_fifty_who_apply_at_once_are_counted_to_the_last():
    bounty = open_bounty()
    people = UserFactory.create_batch(50)
    outcomes = at_once(lambda number: applied(bounty, people[number]), 50)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    bounty.refresh_from_db()
    assert bounty.applicants == bounty.applications.active().count() == 50
    connection.close()


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_one_who_applies_fifty_times_at_once_has_applied_once():
    bounty, person = open_bounty(), UserFactory()
    at_once(lambda _: applied(bounty, person), 50)
    assert Bounty.objects.get().applicants == BountyApplication.objects.count() == 1
