"""Bounties for tests, made by the same calls as on the site."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.bounties.posting import Brief, draft, pay
from commerce.actions.bounties.working import apply, submit
from commerce.actions.payments import settle, start_payment
from commerce.models import (
    Bounty,
    BountyApplication,
    BountyPicture,
    BountySubmission,
    Payment,
    SandboxCharge,
)
from commerce.tests.factories import BILLING, received
from marketplace.models import Model3D
from marketplace.tests.factories import CategoryFactory, Model3DFactory, picture_bytes


def brief(**fields) -> Brief:
    return Brief(
        **{
            "title": "A brass sextant",
            "description": "For a **museum** scene, seen from near.",
            "requirements": "Under 50,000 triangles, with a lid that opens.",
            "category": fields.pop("category", None) or CategoryFactory(),
            "budget": Decimal("200.00"),
            "deadline": timezone.now() + timedelta(days=10),
        }
        | fields
    )


def unpaid_bounty(poster=None, **fields) -> Bounty:
    return draft(poster=poster or UserFactory(), brief=brief(**fields))


def open_bounty(poster=None, **fields) -> Bounty:
    """Its budget is paid in the sandbox."""
    bounty = unpaid_bounty(poster, **fields)
    payment = pay(bounty=bounty, billing=BILLING, method="card")
    start_payment(payment)
    money_comes(payment)
    bounty.refresh_from_db()
    return bounty


def money_comes(payment: Payment) -> None:
    """The sandbox has the money of a started payment, and says so."""
    charge = SandboxCharge.objects.filter(reference=str(payment.public_id))
    charge.update(status=SandboxCharge.Status.SUCCEEDED, received=F("amount"))
    settle(payment, received(payment))


def bounty_picture(bounty: Bounty) -> BountyPicture:
    return bounty.pictures.create(image=ContentFile(picture_bytes(640, 480), "picture.webp"))


def applied(bounty: Bounty, applicant=None) -> BountyApplication:
    applicant = applicant or UserFactory(creator=True)
    return apply(bounty=bounty, applicant=applicant, message="With a working lid, in a week.")


def work_of(maker, **fields) -> Model3D:
    """A processed model that nobody else sees."""
    return Model3DFactory(creator=maker, with_file=True, **{"title": "Sextant", **fields})


def submitted(bounty: Bounty, maker=None, **fields) -> BountySubmission:
    application = applied(bounty, maker)
    return submit(application=application, model=work_of(application.applicant, **fields))


def past_deadline(bounty: Bounty, days: float = 0) -> Bounty:
    """As if its deadline had passed, `days` ago."""
    at = timezone.now() - timedelta(days=days, minutes=1)
    Bounty.objects.filter(pk=bounty.pk).update(created_at=at - timedelta(days=20), deadline=at)
    bounty.refresh_from_db()
    return bounty
