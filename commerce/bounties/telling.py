"""Notifications and mails about bounties, written in the transaction that they tell about."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.models import Notification, User
from accounts.notifications import notify
from commerce.models import Bounty, BountyApplication, BountySubmission, EscrowReturn, Transaction
from core.addresses import absolute_url
from core.mail import send
from core.templatetags.core_tags import money_text

Kind = Notification.Kind


def tell(
    person: User,
    bounty: Bounty,
    *,
    kind: str,
    title: str,
    lines: list[str],
    key: str,
    link: str = "",
    actor: User | None = None,
    group: str = "",
) -> None:
    """One message on the site and by mail, as the person has chosen; `key` names the event, which is mailed once."""
    link = link or bounty.get_absolute_url()

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if person.email:
            send(
                kind="commerce/bounty",
                to=person,
                context={
                    "bounty": bounty,
                    "headline": f"{actor.display_name} {title}" if actor else title,
                    "lines": lines,
                    "url": absolute_url(link),
                },
                dedupe_key=f"bounty:{bounty.pk}:{key}:{person.pk}",
            )

    notify(
        user=person,
        kind=kind,
        title=title,
        message=" ".join(lines),
        link=link,
        mail=mail,
        actor=actor,
        group=group,
    )


def moment_text(moment: datetime) -> str:
    """A time that mails can quote, in words that name its zone."""
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M %Z}"


def tell_opened(bounty: Bounty) -> None:
    tell(
        bounty.creator,
        bounty,
        kind=Kind.BOUNTY,
        title=f"“{bounty.title}” is open",
        lines=[
            f"We hold your {money_text(bounty.budget)} until you choose a winner.",
            f"Work can be handed in until {moment_text(bounty.deadline)}.",
        ],
        key="opened",
    )


def tell_application(application: BountyApplication) -> None:
    bounty = application.bounty
    tell(
        bounty.creator,
        bounty,
        kind=Kind.BOUNTY,
        title=f"applied to “{bounty.title}”",
        lines=["Read what they would make, and look at their portfolio."],
        key=f"applied:{application.pk}:{application.updated_at:%s}",
        actor=application.applicant,
        group=f"bounty-applied:{bounty.pk}",
    )


def tell_declined(application: BountyApplication) -> None:
    bounty = application.bounty
    tell(
        application.applicant,
        bounty,
        kind=Kind.BOUNTY_WORK,
        title=f"Your application to “{bounty.title}” was declined",
        lines=["Its poster looks for something else. Other bounties are open."],
        key=f"declined:{application.pk}",
    )


def tell_submission(submission: BountySubmission) -> None:
    bounty = submission.bounty
    tell(
        bounty.creator,
        bounty,
        kind=Kind.BOUNTY,
        title=f"handed in work for “{bounty.title}”",
        lines=["Look at the protected preview and at what was measured."],
        key=f"submitted:{submission.pk}:{submission.submitted_at:%s}",
        link=submission.get_absolute_url(),
        actor=submission.maker,
    )


def tell_to_choose(bounty: Bounty) -> None:
    """The deadline has passed, or the poster is reminded of it."""
    again = f"reminder-{bounty.reminders}" if bounty.reminders else "judging"
    tell(
        bounty.creator,
        bounty,
        kind=Kind.BOUNTY,
        title=f"Choose a winner for “{bounty.title}”",
        lines=[
            f"Its deadline has passed. Choose until {moment_text(bounty.judging_until)};"
            " after that our support decides in your place."
        ],
        key=again,
    )


def tell_escalated(bounty: Bounty) -> None:
    tell(
        bounty.creator,
        bounty,
        kind=Kind.BOUNTY,
        title=f"Our support decides about “{bounty.title}” now",
        lines=["The time to choose has passed. Until they have decided you can still choose a winner."],
        key="escalated",
    )


def tell_won(bounty: Bounty, line: Transaction, available_at: datetime) -> None:
    when = f"It can be paid out from {moment_text(available_at)} on."
    if line.held_shares.exists():
        when = "It is held, like all that this model earns, until it is decided whose it is."
    tell(
        line.seller,
        bounty,
        kind=Kind.BOUNTY_WORK,
        title=f"You won “{bounty.title}”",
        lines=[
            f"“{line.title}” was chosen. Of {money_text(line.amount)} your share is"
            f" {money_text(line.seller_amount)}, our fee is {money_text(line.platform_fee)}. {when}",
            "The model stays yours; its poster has it under the licence that was asked for.",
        ],
        key="won",
    )


def tell_awarded(bounty: Bounty, line: Transaction) -> None:
    """To its poster: what was paid, and where the model is; the receipt comes by itself."""
    tell(
        bounty.creator,
        bounty,
        kind=Kind.BOUNTY,
        title=f"won “{bounty.title}”",
        lines=[f"What we held, {money_text(line.amount)}, was paid. “{line.title}” is in your library."],
        key="awarded",
        actor=line.seller,
    )


def tell_ended(bounty: Bounty, *, returned: Decimal) -> None:
    """To its poster: nobody gets it, and what is left of the money goes back."""
    why = {
        Bounty.Status.CANCELLED: f"“{bounty.title}” was cancelled",
        Bounty.Status.EXPIRED: f"“{bounty.title}” has ended without work to award",
    }[bounty.status]
    lines = [bounty.close_reason] if bounty.close_reason else []
    if returned:
        lines.append(f"Your {money_text(returned)} is being sent back to where it came from.")
    tell(bounty.creator, bounty, kind=Kind.BOUNTY, title=why, lines=lines, key="ended")


def tell_claimable(returned: EscrowReturn) -> None:
    """Its poster has to say where it is to go."""
    bounty = returned.bounty
    tell(
        bounty.creator,
        bounty,
        kind=Kind.BOUNTY,
        title=f"Fetch {money_text(returned.amount)} of “{bounty.title}”",
        lines=["The way you paid needs you to say where the money is to go: the bounty's page leads there."],
        key=f"claim:{returned.attempt}",
    )


def tell_returned(returned: EscrowReturn) -> None:
    bounty = returned.bounty
    tell(
        bounty.creator,
        bounty,
        kind=Kind.BOUNTY,
        title=f"{money_text(returned.amount)} of “{bounty.title}” was sent back",
        lines=["It went to the payment it came from. Your bank may need some days to show it."],
        key=f"returned:{returned.attempt}",
    )
