from support.models.docs import DocSection
from support.models.help import HelpArticle, HelpCategory, HelpVote
from support.models.loaded import LoadedFile
from support.models.safety import Appeal, CopyrightClaim, ModerationDecision

__all__ = [
    "Appeal",
    "CopyrightClaim",
    "DocSection",
    "HelpArticle",
    "HelpCategory",
    "HelpVote",
    "LoadedFile",
    "ModerationDecision",
]
