"""Who sees a decision or a claim, and from which side: signed in, or by a link that was mailed to them.

The link is for those who cannot log in: whose account is suspended, and rights holders without one. Opening it notes
in their session which side they are on.
"""

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from core.addresses import absolute_url
from support.models import Appeal, CopyrightClaim, ModerationDecision
from support.safety.mailed_links import opened

Side = Appeal.Side
_SALT = "support.safety.door"
_SESSION = "safety_sides"
# So many a session keeps.
_MOST = 20


def side_of_decision(request, decision: ModerationDecision) -> str:
    """Empty for whom it does not concern."""
    user = request.user
    if user.is_authenticated:
        if decision.owner_id == user.pk:
            return Side.OWNER if decision.concerns(user) else ""
        if decision.claim is not None and decision.claim.claimant_id == user.pk:
            return Side.OTHER
        if decision.reports.filter(reporter=user).exists():
            return Side.OTHER
    return _granted(request, decision)


def is_party(request, decision: ModerationDecision, side: str) -> bool:
    """Who reads all of it: whose thing it is, and who claims it; but not who reported it."""
    if side == Side.OWNER or decision.claim is None:
        return side == Side.OWNER
    user = request.user
    is_claimant = user.is_authenticated and decision.claim.claimant_id == user.pk
    return is_claimant or bool(_granted(request, decision))


def side_of_claim(request, claim: CopyrightClaim) -> str:
    """As above; whose model it is hears of a claim when a moderator has opened it."""
    user = request.user
    if user.is_authenticated:
        if claim.owner_id == user.pk and claim.is_told:
            return Side.OWNER
        if claim.claimant_id == user.pk:
            return Side.OTHER
    return _granted(request, claim)


def door_to(thing: ModerationDecision | CopyrightClaim, side: str) -> str:
    """The absolute address that lets whoever holds it in, on this side."""
    token = signing.dumps([_key(thing), str(side)], salt=_SALT)
    return absolute_url(reverse("support:safety_door", args=[token]))


@dataclass(frozen=True)
class Door:
    """What a mailed link stands for; over, it lets nobody in any more."""

    key: str
    side: str
    is_over: bool = False

    @property
    def thing(self) -> ModerationDecision | CopyrightClaim | None:
        """None where it is gone."""
        kind, public_id = self._named
        model = ModerationDecision if kind == "decision" else CopyrightClaim
        return model.objects.filter(public_id=public_id).first()

    @property
    def path(self) -> str:
        """Of what it leads to."""
        kind, public_id = self._named
        return reverse(f"support:{kind}", args=[public_id])

    @property
    def _named(self) -> tuple[str, str]:
        kind, _, public_id = self.key.partition(":")
        return kind, public_id


def door_of(token: str) -> Door | None:
    """None where nobody has signed this."""
    try:
        (key, side), works = opened(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Door(key, side, is_over=not works)


def enter(request, door: Door) -> str:
    """Note the side that a mailed link stands for; the path of what it leads to."""
    sides = request.session.get(_SESSION, {})
    sides.pop(door.key, None)
    request.session[_SESSION] = dict([*sides.items(), (door.key, door.side)][-_MOST:])
    return door.path


def _granted(request, thing) -> str:
    return request.session.get(_SESSION, {}).get(_key(thing), "")


def _key(thing: ModerationDecision | CopyrightClaim) -> str:
    kind = "decision" if isinstance(thing, ModerationDecision) else "claim"
    return f"{kind}:{thing.public_id}"
