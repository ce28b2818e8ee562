"""Decisions of moderators: the transition, its audit entry, and word to the creator, in one transaction."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format

from accounts.models import Notification, User
from accounts.notifications import notify
from core.mail import send
from core.models import AuditEntry
from marketplace.actions.announcing import announce
from marketplace.actions.comparing import compare
from marketplace.exceptions import ReviewNotAllowed, TransitionRefused
from marketplace.models import Model3D, ModelReview, ReviewClaim
from marketplace.signals import version_approved


def approve(*, model: Model3D, by: User, seen: datetime | None = None) -> ModelReview | None:
    """Approve a model, or the new version of one that is approved; None where nothing waits.

    `seen` is the model's `updated_at` as the moderator saw it: what they have not seen they cannot approve.

    Raises:
        ReviewNotAllowed, TransitionRefused
    """
    with transaction.atomic():
        _check_seen(model, seen)
        if model.has_version_waiting:
            return _approve_version(model, by)
        review = model.approve(by=by)
        if review is not None:
            _record("model.approve", review)
            notify(
                user=model.creator,
                kind=Notification.Kind.MODEL_APPROVED,
                title=f"“{model.title}” is approved",
                message=_where_it_is(model),
                link=model.get_absolute_url(),
                mail=lambda: _mail("model_approved", review),
            )
            announce(model)
    return review


def reject(
    *, model: Model3D, by: User, reason: str, note: str, seen: datetime | None = None
) -> ModelReview | None:
    """Send a model, or its new version, back to its creator with a reason and a note; None where nothing waits.

    Raises:
        ReviewNotAllowed, TransitionRefused
    """
    with transaction.atomic():
        _check_seen(model, seen)
        if model.has_version_waiting:
            return _reject_version(model, by, reason, note)
        review = model.reject(by=by, reason=reason, note=note)
        if review is not None:
            _record("model.reject", review, reason=reason)
            notify(
                user=model.creator,
                kind=Notification.Kind.MODEL_REJECTED,
                title=f"“{model.title}” was not approved",
                message=f"{review.get_reason_display()}. {note}",
                link=model.get_edit_url(),
                mail=lambda: _mail("model_rejected", review),
            )
    return review


def _approve_version(model: Model3D, by: User) -> ModelReview | None:
    """The new files go live; those who have the model are told by whoever knows them."""
    review = model.approve_version(by=by)
    if review is None:
        return None
    compare(model)
    files = list(model.files.filter(approved_at=review.created_at).order_by("pk"))
    _record("model.version.approve", review, versions=[f"{file.format} {file.version}" for file in files])
    notify(
        user=model.creator,
        kind=Notification.Kind.MODEL_APPROVED,
        title=f"The new version of “{model.title}” is approved",
        message="It has taken the place of the one before. Those who have the model are told.",
        link=model.get_absolute_url(),
        mail=lambda: _mail("version_approved", review),
    )
    transaction.on_commit(
        lambda: version_approved.send_robust(sender=Model3D, model=model, files=files), robust=True
    )
    return review


def _reject_version(model: Model3D, by: User, reason: str, note: str) -> ModelReview | None:
    review = model.reject_version(by=by, reason=reason, note=note)
    if review is None:
        return None
    _record("model.version.reject", review, reason=reason)
    notify(
        user=model.creator,
        kind=Notification.Kind.MODEL_REJECTED,
        title=f"The new version of “{model.title}” was not approved",
        message=f"{review.get_reason_display()}. {note}",
        link=model.get_edit_url(),
        mail=lambda: _mail("version_rejected", review),
    )
    return review


def undo(*, model: Model3D, by: User) -> ModelReview | None:
    """Take the last decision back; None where there is none to take back.

    Raises:
        ReviewNotAllowed, TransitionRefused
    """
    with transaction.atomic():
        review = model.undo_decision(by=by)
        if review is not None:
            _record("model.undo", review, outcome=review.outcome)
            notify(
                user=model.creator,
                kind=Notification.Kind.MODEL_IN_REVIEW,
                title=f"“{model.title}” is in review again",
                message=f"The decision “{review.get_outcome_display().lower()}” was taken back.",
                link=model.get_edit_url(),
            )
    return review


def set_featured(*, model: Model3D, by: User, featured: bool) -> bool:
    """Put a model among the featured ones, or take it out; False where it is so already.

    Raises:
        ReviewNotAllowed: no moderator, or its own creator.
        TransitionRefused: only approved models are featured.
    """
    with model.changing("is_featured"):
        if not model.may_be_reviewed_by(by):
            raise ReviewNotAllowed("Only moderators feature models, and nobody their own.")
        if featured and model.status != Model3D.Status.APPROVED:
            raise TransitionRefused(f"“{model}” is not approved.")
        if model.is_featured == featured:
            return False
        model.is_featured = featured
        AuditEntry.record(actor=by, action="model.feature" if featured else "model.unfeature", target=model)
    return True


def claim(*, model: Model3D, by: User, take_over: bool = False) -> ReviewClaim:
    """Say that `by` is looking at the model; returns whoever's claim stands now. A lapsed claim is free to take."""
    with transaction.atomic():
        Model3D.objects.select_for_update(of=("self",)).get(pk=model.pk)
        standing = ReviewClaim.objects.select_related("moderator").filter(model=model).first()
        if standing and standing.is_current and standing.moderator_id != by.pk and not take_over:
            return standing
        ReviewClaim.objects.filter(model=model).delete()
        return ReviewClaim.objects.create(model=model, moderator=by)


def _check_seen(model: Model3D, seen: datetime | None) -> None:
    model.lock()
    waits = model.status == Model3D.Status.PENDING or model.has_version_waiting
    if seen is not None and waits and model.updated_at != seen:
        raise TransitionRefused("The creator has changed this model since you opened it. Look at it again.")


def _record(action: str, review: ModelReview, **data) -> None:
    actor = review.undone_by or review.moderator
    AuditEntry.record(actor=actor, action=action, target=review.model, review=review.pk, **data)
    ReviewClaim.objects.filter(model=review.model).delete()


def _mail(name: str, review: ModelReview) -> None:
    send(
        kind=f"marketplace/{name}",
        to=review.model.creator,
        context={"model": review.model, "review": review, "where": _where_it_is(review.model)},
        dedupe_key=f"review:{review.pk}",
    )


def _where_it_is(model: Model3D) -> str:
    if model.publish_at is not None:
        when = date_format(model.publish_at, "j F Y, H:i")
        return f"It is approved, and will be shown from {when} UTC on, as you have set."
    if not model.is_published:
        return "It is approved, and will be shown when you publish it."
    return {
        Model3D.Visibility.PUBLIC: "Everybody can find it on the marketplace now.",
        Model3D.Visibility.UNLISTED: "Everybody with its link can open it now.",
        Model3D.Visibility.PRIVATE: "It is private, so only you can open it.",
    }[Model3D.Visibility(model.visibility)]
