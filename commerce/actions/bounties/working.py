"""Those who answer a bounty: they apply, hand in models, and take both back."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User, UserBlock
from commerce.actions.bounties.locking import lock_bounty
from commerce.bounties.rules import reason_against_model
from commerce.bounties.telling import tell_application, tell_declined, tell_submission
from commerce.exceptions import BountyRefused
from commerce.models import Bounty, BountyApplication, BountySubmission
from marketplace.models import Model3D

CLOSED = "This bounty takes no more work."


def apply(
    *, bounty: Bounty, applicant: User, message: str, portfolio: Sequence[Model3D] = ()
) -> BountyApplication:
    """Say that one would make it; whoever applied may hand in work. One who had withdrawn applies anew.

    Raises:
        BountyRefused: it is their own, takes no more work, one of the two has blocked the other, or they were declined.
    """
    with transaction.atomic():
        bounty = lock_bounty(bounty.pk)
        check_may_take_part(bounty, applicant)
        application = BountyApplication.objects.filter(bounty=bounty, applicant=applicant).first()
        if application is not None and application.is_declined:
            raise BountyRefused("The poster has declined your application.")
        is_new = application is None or not application.is_active
        application = application or BountyApplication(bounty=bounty, applicant=applicant)
        application.message = message
        application.status = BountyApplication.Status.ACTIVE
        application.save()
        application.portfolio.set(list(portfolio)[: BountyApplication.MAX_PORTFOLIO])
        if is_new:
            Bounty.objects.filter(pk=bounty.pk).update(applicants=F("applicants") + 1)
            tell_application(application)
    return application


def check_may_take_part(bounty: Bounty, person: User) -> None:
    """
    Raises:
        BountyRefused: see `apply`.
    """
    if bounty.creator_id == person.pk:
        raise BountyRefused("This is your own bounty.")
    if not bounty.takes_work:
        raise BountyRefused(CLOSED)
    if UserBlock.objects.between(bounty.creator, person).exists():
        raise BountyRefused("You cannot take part in this person’s bounties.")


def withdraw_application(*, application: BountyApplication) -> None:
    """Take it back, and with it what was handed in. Idempotent.

    Raises:
        BountyRefused: the bounty is awarded, or over.
    """
    with transaction.atomic():
        bounty = lock_bounty(application.bounty_id)
        application.refresh_from_db()
        if not application.is_active:
            return
        if not bounty.holds_money:
            raise BountyRefused("The bounty is over: your application stays as it was.")
        application.submissions.filter(status=BountySubmission.Status.SUBMITTED).update(
            status=BountySubmission.Status.WITHDRAWN, updated_at=timezone.now()
        )
        _end(application, BountyApplication.Status.WITHDRAWN)


def decline(*, application: BountyApplication) -> None:
    """The poster does not want this person's work. Idempotent.

    Raises:
        BountyRefused: the bounty takes no more work, or the person has handed in some: it is judged with the others.
    """
    with transaction.atomic():
        bounty = lock_bounty(application.bounty_id)
        application.refresh_from_db()
        if application.is_declined:
            return
        if not bounty.takes_work:
            raise BountyRefused(CLOSED)
        if application.submissions.standing().exists():
            raise BountyRefused("This person has handed in work: it is judged with that of the others.")
        _end(application, BountyApplication.Status.DECLINED)
        tell_declined(application)


def _end(application: BountyApplication, status: str) -> None:
    was_active = application.is_active
    application.status = status
    application.save(update_fields=["status", "updated_at"])
    if was_active:
        Bounty.objects.filter(pk=application.bounty_id).update(applicants=Greatest(F("applicants") - 1, 0))


def submit(*, application: BountyApplication, model: Model3D, note: str = "") -> BountySubmission:
    """Hand in one of the applicant's models; the poster sees its protected preview and its measures, nobody else does.

    One that was handed in before is there once, also after it was withdrawn.

    Raises:
        BountyRefused: the application does not stand, the bounty takes no more work, the model cannot be handed in,
            or there are too many already.
    """
    with transaction.atomic():
        bounty = lock_bounty(application.bounty_id)
        application.refresh_from_db()
        if not application.is_active:
            raise BountyRefused("Apply first; then hand in your work.")
        check_may_take_part(bounty, application.applicant)
        own = Model3D.objects.owned_by(application.applicant).with_card_data().select_for_update(of=("self",))
        model = own.filter(pk=model.pk).first()
        if model is None:
            raise BountyRefused("Hand in a model of your own.")
        reason = reason_against_model(model)
        if reason:
            raise BountyRefused(reason)
        return _put(bounty, application, model, note)


def _put(bounty, application, model, note) -> BountySubmission:
    known = BountySubmission.objects.filter(bounty=bounty, model=model).first()
    if known is not None and known.is_standing:
        return known
    if application.submissions.standing().count() >= BountySubmission.MAX_PER_APPLICATION:
        most = BountySubmission.MAX_PER_APPLICATION
        raise BountyRefused(f"You have handed in {most} models. Withdraw one first.")
    submission = known or BountySubmission(bounty=bounty, application=application, model=model)
    submission.note = note
    submission.status = BountySubmission.Status.SUBMITTED
    submission.submitted_at = timezone.now()
    submission.save()
    tell_submission(submission)
    return submission


def withdraw_submission(*, submission: BountySubmission) -> None:
    """Take a model back. Idempotent.

    Raises:
        BountyRefused: the bounty is awarded, or over.
    """
    with transaction.atomic():
        bounty = lock_bounty(submission.bounty_id)
        submission.refresh_from_db()
        if not submission.is_standing:
            return
        if not bounty.holds_money:
            raise BountyRefused("The bounty is over: what was handed in stays so.")
        submission.status = BountySubmission.Status.WITHDRAWN
        submission.save(update_fields=["status", "updated_at"])
