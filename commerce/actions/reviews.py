"""Reviews: written, changed and deleted by those who have the model, answered by its creator, hidden by moderators.

Each change and the ratings that follow from it are one transaction, under the model's lock.
"""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Notification, User, UserBlock
from accounts.notifications import notify
from commerce.exceptions import ReviewRefused
from commerce.models import Purchase, Review, ReviewVote
from commerce.ratings import lock_model, refresh
from core.mail import send
from core.markdown import plain_text
from core.models import AuditEntry

EXCERPT = 200


def check_may_review(purchase: Purchase) -> None:
    """Raises ReviewRefused where its owner cannot write a review, or change the one there is.

    Needs the purchase's transaction, model and the model's creator.
    """
    if purchase.revoked_at is not None:
        raise ReviewRefused("This purchase was refunded, so it cannot be reviewed.")
    if not purchase.may_be_reviewed:
        raise ReviewRefused("Download the model first: then you can say what it is like.")
    if UserBlock.objects.filter(blocker=purchase.model.creator_id, blocked=purchase.user_id).exists():
        raise ReviewRefused("You cannot review this creator’s models.")


def write(*, purchase: Purchase, rating: int, body: str) -> Review:
    """The purchase's review; the one there is gets other stars and words, and says that it was edited.

    Raises:
        ReviewRefused: it cannot be reviewed, or its review was hidden by the moderators.
    """
    with transaction.atomic():
        lock_model(purchase.model_id)
        # Read again under the lock, behind which a refund would have taken it back.
        purchase = Purchase.objects.select_related("transaction", "model__creator", "user").get(
            pk=purchase.pk
        )
        check_may_review(purchase)
        review = Review.objects.filter(purchase=purchase).first()
        if review is not None:
            _change(review, rating, body)
        else:
            review = Review.objects.create(
                purchase=purchase,
                author=purchase.user,
                model=purchase.model,
                creator=purchase.model.creator,
                rating=rating,
                body=body,
            )
            _tell_creator(review)
        refresh(model_id=review.model_id, creator_id=review.creator_id)
    return review


def _change(review: Review, rating: int, body: str) -> None:
    _refuse_hidden(review)
    if (review.rating, review.body) != (rating, body):
        review.rating, review.body, review.edited_at = rating, body, timezone.now()
        review.save(update_fields=["rating", "body", "edited_at", "updated_at"])


def _refuse_hidden(review: Review) -> None:
    # Otherwise its writer would put it back by deleting it and writing it again.
    if review.is_removed:
        raise ReviewRefused("The moderators have hidden this review, so it stays as it is.")


def delete(*, review: Review) -> None:
    """Away with it, and with the creator's answer. Idempotent.

    Raises:
        ReviewRefused: the moderators have hidden it.
    """
    with transaction.atomic():
        lock_model(review.model_id)
        row = Review.objects.filter(pk=review.pk).first()
        if row is None:
            return
        _refuse_hidden(row)
        row.delete()
        refresh(model_id=review.model_id, creator_id=review.creator_id)


def follow_purchase(*, purchase: Purchase) -> None:
    """A purchase was taken back, or given again: its review counts while the purchase stands.

    Call it in the transaction that changed the purchase. Idempotent.
    """
    with transaction.atomic():
        lock_model(purchase.model_id)
        review = Review.objects.filter(purchase=purchase).first()
        if review is not None:
            _count_anew(review)


def hide(*, review: Review, by: User, reason: str, quiet: bool = False) -> None:
    """A moderator takes the review down; it stays, and can be restored. Idempotent. `quiet`: the caller tells its
    author.

    Raises:
        ValueError: there is no reason.
    """
    if not reason.strip():
        raise ValueError("What is hidden is hidden for a reason.")
    with transaction.atomic():
        row = _locked(review)
        if row.is_removed:
            return
        row.removed_at, row.removed_by, row.removal_reason = timezone.now(), by, reason.strip()[:500]
        _save_moderation(row)
        AuditEntry.record(actor=by, action="review.hide", target=row, reason=row.removal_reason)
        if quiet:
            return
        notify(
            user=row.author,
            kind=Notification.Kind.ACCOUNT,
            title=f"The moderators have hidden your review of “{row.model.title}”",
            message=row.removal_reason,
        )


def restore(*, review: Review, by: User) -> None:
    """It is shown and counts again, if its purchase stands. Idempotent."""
    with transaction.atomic():
        row = _locked(review)
        if not row.is_removed:
            return
        row.removed_at, row.removed_by, row.removal_reason = None, None, ""
        _save_moderation(row)
        AuditEntry.record(actor=by, action="review.restore", target=row)


def _locked(review: Review) -> Review:
    lock_model(review.model_id)
    return Review.objects.select_related("author", "model", "purchase").get(pk=review.pk)


def _save_moderation(row: Review) -> None:
    # In one statement with what follows from it, which the database holds it to.
    row.is_counted = not row.is_removed and row.purchase.revoked_at is None
    fields = ["removed_at", "removed_by", "removal_reason", "is_counted", "updated_at"]
    row.save(update_fields=fields)
    refresh(model_id=row.model_id, creator_id=row.creator_id)


def _count_anew(review: Review) -> None:
    standing = Purchase.objects.active().filter(pk=review.purchase_id).exists()
    counts = standing and not review.is_removed
    if counts != review.is_counted:
        Review.objects.filter(pk=review.pk).update(is_counted=counts, updated_at=timezone.now())
        refresh(model_id=review.model_id, creator_id=review.creator_id)


# ---------------------------------------------------------------------- the creator's answer


def answer(*, review: Review, body: str) -> None:
    """The creator's one answer; another one replaces it, and says that it was edited.

    Raises:
        ReviewRefused: the review is not shown (any more), or its writer has blocked the creator.
    """
    with transaction.atomic():
        row = Review.objects.counted().select_for_update(of=("self",), no_key=True).filter(pk=review.pk)
        row = row.select_related("author", "creator", "model").first()
        if row is None:
            raise ReviewRefused("The review that you answer is gone.")
        if UserBlock.objects.filter(blocker=row.author, blocked=row.creator).exists():
            raise ReviewRefused("You cannot answer this person.")
        is_first, is_other = not row.answer, row.answer != body
        now = timezone.now()
        if is_first:
            row.answered_at = now
        elif is_other:
            row.answer_edited_at = now
        row.answer = body
        row.save(update_fields=["answer", "answered_at", "answer_edited_at", "updated_at"])
        if is_first:
            _tell_author(row)


def delete_answer(*, review: Review) -> None:
    """Idempotent."""
    Review.objects.filter(pk=review.pk).update(
        answer="", answered_at=None, answer_edited_at=None, updated_at=timezone.now()
    )


# ---------------------------------------------------------------------- helpful or not


def find_helpful(*, review: Review, by: User) -> bool:
    """False where they said so already.

    Raises:
        ReviewRefused: it is their own, or about their own model.
    """
    if by.pk in (review.author_id, review.creator_id):
        raise ReviewRefused("This is for others to say.")
    with transaction.atomic():
        _, is_new = ReviewVote.objects.get_or_create(review=review, user=by)
        if is_new:
            Review.objects.filter(pk=review.pk).update(helpful=F("helpful") + 1)
    return is_new


def find_helpful_no_more(*, review: Review, by: User) -> bool:
    """False where they never said so."""
    with transaction.atomic():
        deleted, _ = ReviewVote.objects.filter(review=review, user=by).delete()
        if deleted:
            Review.objects.filter(pk=review.pk).update(helpful=Greatest(F("helpful") - 1, 0))
    return bool(deleted)


# ---------------------------------------------------------------------- who is told


def _tell_creator(review: Review) -> None:
    stars = f"{review.rating} star{'' if review.rating == 1 else 's'}"
    _notify(
        review,
        to=review.creator,
        by=review.author,
        kind=Notification.Kind.REVIEW,
        title=f"gave “{review.model.title}” {stars}",
        text=plain_text(review.body, length=EXCERPT),
    )


def _tell_author(review: Review) -> None:
    _notify(
        review,
        to=review.author,
        by=review.creator,
        kind=Notification.Kind.REVIEW_ANSWER,
        title=f"answered your review of “{review.model.title}”",
        text=plain_text(review.answer, length=EXCERPT),
    )


def _notify(review: Review, *, to: User, by: User, kind: Notification.Kind, title: str, text: str) -> None:
    link = review.get_absolute_url()

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if to.email:
            send(
                kind=f"commerce/{kind.value}",
                to=to,
                context={
                    "actor": by,
                    "review": review,
                    "title": review.model.title,
                    "text": text,
                    "url": link,
                },
                dedupe_key=f"{kind.value}:{review.pk}:{to.pk}",
            )

    notify(user=to, kind=kind, title=title, message=text, link=link, actor=by, mail=mail)
