"""What a decision means for whose thing it is, and what they can do: the words of its page and of the mail."""

from django.utils import timezone
from django.utils.formats import date_format

from support.models import ModerationDecision

Measure = ModerationDecision.Measure

HEADLINES = {
    Measure.DISMISS: "No measure was taken about “{title}”",
    Measure.WARN: "A warning about “{title}”",
    Measure.HIDE: "“{title}” is hidden until it is mended",
    Measure.REMOVE: "“{title}” was removed",
    Measure.SUSPEND: "Your account is suspended",
    Measure.HOLD: "What “{title}” earns is held",
}
MEANINGS = {
    Measure.DISMISS: "Everything stays as it is.",
    Measure.WARN: "It stays where it is. Nobody else is told of the warning.",
    Measure.HIDE: "Nobody but you and the moderators sees it. Those who have it already keep it.",
    Measure.REMOVE: "It is off the site. Those who have it already keep it.",
    Measure.SUSPEND: "You cannot log in, and what you published is not shown. Nothing of it is deleted.",
    Measure.HOLD: "It stays on the marketplace and can be bought. Your share of its sales is kept apart until it is "
    "decided whose it is; what was available to you before stays yours.",
}
REMEDIES = {
    Measure.WARN: "Mend what the note names by {mend_by}. If it is as it was then, it may be taken down.",
    Measure.HIDE: "Mend what the note names, and say by {mend_by} on the page of this decision what you have changed:"
    " somebody else looks at it and puts it back.",
}
APPEAL = "If you think that something was overlooked, appeal by {appeal_by}. Another person will look at it."


def day(moment) -> str:
    """As mails and pages name it."""
    return date_format(timezone.localtime(moment), "j F Y")


def minute(moment) -> str:
    """The same where the hour counts, in words that name its zone."""
    return date_format(timezone.localtime(moment), "j F Y, H:i T")


def headline(decision: ModerationDecision) -> str:
    if decision.is_over:
        return "Your account was suspended"
    return HEADLINES[Measure(decision.measure)].format(title=decision.title)


def meaning(decision: ModerationDecision) -> str:
    if decision.is_over:
        return f"It ended by itself on {minute(decision.ends_at)}."
    said = MEANINGS[Measure(decision.measure)]
    if decision.ends_at is None:
        return said
    if not decision.effects:
        return f"{said} Your account was suspended already, for longer than until {minute(decision.ends_at)}."
    return f"{said} It ends by itself on {minute(decision.ends_at)}."


def remedies(decision: ModerationDecision) -> list[str]:
    """What can be done about it, and by when; nothing where it is over."""
    if decision.is_reversed or not decision.is_against:
        return []
    found = []
    if decision.measure in REMEDIES:
        found.append(REMEDIES[Measure(decision.measure)].format(mend_by=day(decision.mend_by)))
    if decision.can_be_appealed():
        found.append(APPEAL.format(appeal_by=day(decision.appeal_by)))
    return found
