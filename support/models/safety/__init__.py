"""Trust and safety: what moderators decide, who objects, and whose work something is."""

from support.models.safety.appeal import Appeal
from support.models.safety.claim import CopyrightClaim
from support.models.safety.decision import ModerationDecision

__all__ = ["Appeal", "CopyrightClaim", "ModerationDecision"]
