"""What members say of the site: written by them, decided by moderators."""

from django.db import transaction

from accounts.models import Notification, User
from accounts.notifications import notify
from blog.exceptions import TestimonialRefused
from blog.models import Testimonial
from core.models import AuditEntry


def submit(*, author: User, text: str, rating: int, company: str = "") -> Testimonial:
    """Theirs, or other words for it; nothing is shown before a moderator has read it."""
    with transaction.atomic():
        row, _ = Testimonial.objects.select_for_update(of=("self",)).get_or_create(
            author=author, defaults={"text": text, "rating": rating, "company": company}
        )
        row.text, row.rating, row.company = text, rating, company
        row.submit()
        row.save()
    return row


def withdraw(*, author: User) -> None:
    """It is gone for good. Idempotent."""
    Testimonial.objects.filter(author=author).delete()


def approve(*, testimonial: Testimonial, by: User, quiet: bool = False) -> None:
    """`quiet`, here and below: the caller tells its author.

    Raises:
        TestimonialRefused: it is shown already, other words have come meanwhile, or it is the moderator's own.
    """
    with transaction.atomic():
        row = _to_decide(testimonial, by)
        if row.status == Testimonial.Status.APPROVED:
            raise TestimonialRefused("This testimonial is shown already.")
        row.approve(by=by)
        row.save()
        AuditEntry.record(actor=by, action="testimonial.approve", target=row)
        if not quiet:
            _tell(row, "Your words about us are on the site", "Thank you. They are shown to everybody now.")


def reject(*, testimonial: Testimonial, by: User, reason: str, quiet: bool = False) -> None:
    """Also one that is shown. `reason` is for its author.

    Raises:
        TestimonialRefused: it is rejected already, other words have come meanwhile, or it is the moderator's own.
    """
    with transaction.atomic():
        row = _to_decide(testimonial, by)
        if row.is_rejected:
            raise TestimonialRefused("This testimonial is rejected already.")
        row.reject(by=by, reason=reason)
        row.save()
        AuditEntry.record(actor=by, action="testimonial.reject", target=row, reason=reason)
        if not quiet:
            _tell(row, "Your words about us are not shown", reason)


def set_featured(*, testimonial: Testimonial, by: User, featured: bool) -> None:
    """Whether it stands on the front page.

    Raises:
        TestimonialRefused: it is not shown, other words have come meanwhile, or it is the moderator's own.
    """
    with transaction.atomic():
        row = _to_decide(testimonial, by)
        if featured and row.status != Testimonial.Status.APPROVED:
            raise TestimonialRefused("Only what is shown can stand on the front page.")
        row.is_featured = featured
        row.save(update_fields=["is_featured", "updated_at"])
        AuditEntry.record(actor=by, action="testimonial.feature", target=row, featured=featured)


def _to_decide(testimonial: Testimonial, by: User) -> Testimonial:
    """The row, locked, as the moderator has read it: nobody approves words that they have not seen."""
    rows = Testimonial.objects.select_for_update(of=("self",)).select_related("author")
    row = rows.filter(pk=testimonial.pk).first()
    if row is None or row.submitted_at != testimonial.submitted_at:
        raise TestimonialRefused("Its author has changed it meanwhile: read it again.")
    if row.author_id == by.pk:
        raise TestimonialRefused("Somebody else decides about your own words.")
    return row


def _tell(row: Testimonial, title: str, message: str) -> None:
    notify(
        user=row.author,
        kind=Notification.Kind.ACCOUNT,
        title=title,
        message=message,
        link=row.get_absolute_url(),
    )
