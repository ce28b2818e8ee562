from support.models.campaign import MailCampaign, Segment
from support.models.delivery import MailDelivery
from support.models.docs import DocSection
from support.models.help import HelpArticle, HelpCategory, HelpVote
from support.models.loaded import LoadedFile
from support.models.safety import Appeal, CopyrightClaim, ModerationDecision
from support.models.tickets import CannedAnswer, SupportAttachment, SupportMessage, SupportTicket, TicketNote

__all__ = [
    "Appeal",
    "CannedAnswer",
    "CopyrightClaim",
    "DocSection",
    "HelpArticle",
    "HelpCategory",
    "HelpVote",
    "LoadedFile",
    "MailCampaign",
    "MailDelivery",
    "ModerationDecision",
    "Segment",
    "SupportAttachment",
    "SupportMessage",
    "SupportTicket",
    "TicketNote",
]
