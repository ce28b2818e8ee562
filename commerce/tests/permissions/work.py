"""Bounties of the buyer, and the seller's work for them."""

from accounts.models import User
from commerce.actions.bounties.comments import post
from commerce.actions.bounties.posting import pay
from commerce.actions.payments import start_payment
from commerce.tests.bounty_factories import (
    applied,
    bounty_picture,
    open_bounty,
    submitted,
    unpaid_bounty,
    work_of,
)
from commerce.tests.factories import BILLING
from commerce.tests.permissions.cells import ADMIN, BUYER, MODERATOR, SELLER, SUPPORT


def bounties(world, buyer: User, seller: User) -> None:
    hidden = unpaid_bounty(buyer, title="Unseen sextant")
    picture = bounty_picture(hidden)
    hidden_comment = hidden.comments.create(author=buyer, body="Which era?")
    paying = unpaid_bounty(buyer)
    payment = pay(bounty=paying, billing=BILLING, method="card")
    start_payment(payment)
    bounty = open_bounty(buyer)
    application = applied(bounty, seller)
    comment = post(bounty=bounty, author=buyer, body="Brass, or steel?")
    judged = open_bounty(buyer)
    submission = submitted(judged, seller)
    spare = work_of(seller)
    world.things |= {
        "hidden_bounty": {"pk": hidden.pk},
        "hidden_picture": {"pk": hidden.pk, "picture_id": picture.pk},
        "hidden_comment": {"pk": hidden.pk, "comment_id": hidden_comment.pk},
        "open_bounty": {"pk": bounty.pk},
        "bounty_payment": {"payment_id": payment.public_id},
        "application": {"pk": bounty.pk, "application_id": application.public_id},
        "comment": {"pk": bounty.pk, "comment_id": comment.pk},
        "submission": {"pk": judged.pk, "submission_id": submission.public_id},
    }
    world.values |= {"spare": spare.pk, "seen": str(submission.model.current_file.public_id)}
    world.hide(hidden.title, BUYER, SUPPORT, MODERATOR, ADMIN)
    world.hide(submission.public_id, BUYER, SELLER, SUPPORT, MODERATOR, ADMIN)
    world.hide(payment.public_id, BUYER)
