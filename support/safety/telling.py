"""Who hears of decisions, appeals and claims: on the site, and by mail, always with what can be done by when."""

from dataclasses import dataclass, field

from django.conf import settings

from accounts.models import Notification, Report, User
from accounts.notifications import notify
from core.addresses import absolute_url
from core.mail import send
from support.models import Appeal, CopyrightClaim, ModerationDecision
from support.safety import remedies
from support.safety.sides import Side, door_to

Kind = Notification.Kind
HELD = "The model stays on the marketplace. What it earns is held until the claim is decided."
RELEASED = "What was held for it is yours again, unless something else holds it."


@dataclass(frozen=True)
class Letter:
    """What a mail says: one headline, facts by label, sentences, and where to go on."""

    headline: str
    line: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    label: str = "Read the decision"


def tell_owner(decision: ModerationDecision) -> None:
    """What, why, what can be done and by when; nothing of reports that came to nothing."""
    owner = decision.owner
    if owner is None or not decision.concerns(owner):
        return
    facts = [("Why", decision.get_reason_display())] if decision.reason else []
    facts += [("Note", decision.note)] if decision.note else []
    facts += [("Evidence", decision.evidence)] if decision.evidence else []
    facts += [(fact["label"], fact["value"]) for fact in decision.facts]
    letter = Letter(
        remedies.headline(decision), remedies.meaning(decision), facts, remedies.remedies(decision)
    )
    _tell(owner, decision, Side.OWNER, letter, message=decision.note or letter.line)


def tell_reporters(decision: ModerationDecision, reports: list[Report]) -> None:
    """Whether something came of it; on the site alone. They are told nothing else of whose thing it is."""
    what = "The moderators have acted on it."
    if not decision.is_against:
        what = "No measure was taken. If you think that something was overlooked, you can appeal."
    for report in sorted(reports, key=lambda one: one.reporter_id or 0):
        if report.reporter is not None:
            notify(
                user=report.reporter,
                kind=Kind.DECISION,
                title=f"Your report about “{decision.title}”",
                message=what,
                link=decision.get_absolute_url(),
            )


def tell_reversed(decision: ModerationDecision) -> None:
    """Whose thing it is learns that it is over."""
    owner = decision.owner
    if owner is None or not decision.is_against:
        return
    letter = Letter(
        f"The decision about “{decision.title}” was reversed",
        "Everything that it changed is as it was before.",
        [("Decision", decision.get_measure_display())],
        _whether_they_are_in(owner) if decision.measure == ModerationDecision.Measure.SUSPEND else [],
    )
    _tell(owner, decision, Side.OWNER, letter, message=letter.line)


def _whether_they_are_in(owner: User) -> list[str]:
    """One suspension less may leave another one."""
    owner.refresh_from_db(fields=["is_active"])
    if owner.is_active:
        return ["You can log in, and what you published is shown again."]
    running = owner.suspensions.running().first()
    end = f" until {remedies.minute(running.ends_at)}" if running is not None and running.ends_at else ""
    return [f"Your account stays suspended{end}, for another reason."]


def tell_heard(appeal: Appeal) -> None:
    """Whoever appealed reads the answer."""
    decision = appeal.decision
    granted = appeal.status == Appeal.Status.GRANTED
    letter = Letter(
        f"Your appeal about “{decision.title}” was {'granted' if granted else 'declined'}",
        _outcome(appeal, granted),
        [("Answer", appeal.answer)],
    )
    if appeal.by is not None:
        _tell(appeal.by, decision, appeal.side, letter, message=appeal.answer)
    elif appeal.side == Appeal.Side.OTHER and decision.claim is not None:
        _write_to(decision.claim, letter, door_to(decision, Side.OTHER))


def tell_claim_opened(claim: CopyrightClaim) -> None:
    """To whose model it is, with the whole claim but where its writer lives and reads mails."""
    sentences = [
        f"Answer by {remedies.day(claim.due_at)} if the work is yours or you may use it: the claim’s page has a form"
        " for it. Without an answer the moderators decide by what the claim says."
    ]
    if claim.hold is not None:
        sentences.append(HELD)
    facts = [
        ("Claimed by", claim.on_behalf_of or claim.name),
        ("Their work", claim.work),
        ("What is copied", claim.explanation),
        *((fact["label"], fact["value"]) for fact in claim.facts),
    ]
    letter = Letter(
        f"Somebody claims that “{claim.title}” is a copy",
        "Nothing is decided yet. You can answer first.",
        facts,
        sentences,
        "Read the claim",
    )
    if claim.owner is not None:
        _tell(claim.owner, claim, Side.OWNER, letter, message=letter.line)


def tell_claim_withdrawn(claim: CopyrightClaim) -> None:
    """To whose model it is, where they knew of it."""
    line = "Its writer has taken it back: nothing is decided, and your model stays."
    _tell_claimed(claim, f"The claim to “{claim.title}” was withdrawn", line, RELEASED)


def tell_claim_reopened(claim: CopyrightClaim) -> None:
    """The same of one that counted as declined."""
    line = f"Something was overlooked, so it is not declined any more. It is decided by {remedies.day(claim.due_at)}."
    _tell_claimed(claim, f"The claim to “{claim.title}” is looked at again", line, HELD)


def _tell_claimed(claim: CopyrightClaim, headline: str, line: str, of_the_hold: str) -> None:
    if claim.owner is None or not claim.is_told:
        return
    sentences = [of_the_hold] if claim.hold is not None else []
    letter = Letter(headline, line, [], sentences, "Read the claim")
    _tell(claim.owner, claim, Side.OWNER, letter, message=line)


def tell_claimant(
    claim: CopyrightClaim, letter: Letter, *, decision: ModerationDecision | None = None
) -> None:
    """By mail, whether or not they have an account; on the site where they have one."""
    thing = decision or claim
    if claim.claimant is not None:
        _tell(claim.claimant, thing, Side.OTHER, letter, message=letter.line)
    else:
        _write_to(claim, letter, door_to(thing, Side.OTHER))


def send_door_again(thing: ModerationDecision | CopyrightClaim, side: str) -> bool:
    """A link that works, to where the one before was sent; False where nobody can be written to any more."""
    kind = "decision" if isinstance(thing, ModerationDecision) else "claim"
    letter = Letter(
        f"Your link to the {kind} about “{thing.title}”",
        f"You have asked for a new one. It works for {settings.SAFETY_LINK_DAYS} days.",
        label=f"Read the {kind}",
    )
    url = door_to(thing, side)
    claim = thing if isinstance(thing, CopyrightClaim) else thing.claim
    if side == Side.OWNER:
        if thing.owner is None or not thing.owner.email:
            return False
        send(kind="support/decision", to=thing.owner, context={"letter": letter, "url": url})
    elif claim is None:
        return False
    else:
        _write_to(claim, letter, url)
    return True


def ask_to_confirm(claim: CopyrightClaim, url: str) -> None:
    """The first mail to somebody without an account: nothing happens before they follow it."""
    letter = Letter(
        "Confirm your claim",
        f"You have claimed that “{claim.title}” copies your work. We look at it once we know that our mails reach you.",
        label="Confirm",
    )
    _write_to(claim, letter, url)


def _outcome(appeal: Appeal, granted: bool) -> str:
    if not granted:
        return "Another person has looked at it, and the decision stands."
    if appeal.decision.is_against:
        return "The decision was reversed: everything that it changed is as it was before."
    return "The moderators look at it again."


def _tell(
    person: User, thing: ModerationDecision | CopyrightClaim, side: str, letter: Letter, *, message: str
) -> None:
    person.refresh_from_db(fields=["is_active"])
    url = absolute_url(thing.get_absolute_url()) if person.is_active else door_to(thing, side)

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if person.email:
            send(kind="support/decision", to=person, context={"letter": letter, "url": url})

    notify(
        user=person,
        kind=Kind.DECISION,
        title=letter.headline,
        message=message,
        link=thing.get_absolute_url(),
        mail=mail,
    )


def _write_to(claim: CopyrightClaim, letter: Letter, url: str) -> None:
    send(
        kind="support/decision",
        to=claim.email,
        context={"letter": letter, "url": url, "name": claim.name, "site": settings.SITE_NAME},
    )
