"""Reviews in the demo: members take a free model, download it, and say what they think, as on the site."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from commerce.actions import reviews
from commerce.actions.downloads import LINK_LIFETIME, make_link
from commerce.actions.ordering import get_free_model
from commerce.models import DownloadLink, Order, Purchase, Review, Transaction
from config.demo.catalogue.opinions import DemoReview
from marketplace.models import Model3D

# Between a download and what is said of it, and between that and the creator's answer.
TRIED, ANSWERED = timedelta(hours=20), timedelta(hours=7)


def opine(model: Model3D, said: DemoReview, people: dict[str, User], when: datetime) -> None:
    """The member's review of a free model, taken the day before `when`; nothing where they have one already."""
    member = people[said.author]
    get_free_model(buyer=member, model_id=model.pk)
    purchase = Purchase.objects.active().get(user=member, model=model)
    if Review.objects.filter(purchase=purchase).exists():
        return
    link = make_link(purchase)
    review = reviews.write(purchase=purchase, rating=said.rating, body=said.text)
    if said.answer:
        reviews.answer(review=review, body=said.answer)
    readers = [
        person for name, person in sorted(people.items()) if name not in (said.author, model.creator.username)
    ]
    for reader in readers[: said.helpful]:
        reviews.find_helpful(review=review, by=reader)
    _date_back(purchase, link, review, when)


def _date_back(purchase: Purchase, link: DownloadLink, review: Review, when: datetime) -> None:
    taken = when - TRIED
    Purchase.objects.filter(pk=purchase.pk).update(created_at=taken)
    lines = Transaction.objects.filter(pk=purchase.transaction_id)
    lines.update(created_at=taken, completed_at=taken)
    # Nobody signs in as them, or looks for a mail about it.
    Order.objects.filter(transactions__in=lines).update(created_at=taken, completed_at=taken, told_at=taken)
    DownloadLink.objects.filter(pk=link.pk).update(created_at=taken, expires_at=taken + LINK_LIFETIME)
    Review.objects.filter(pk=review.pk).update(created_at=when)
    answered = min(when + ANSWERED, timezone.now())
    Review.objects.filter(pk=review.pk, answered_at__isnull=False).update(answered_at=answered)
