from support.admin.tickets.canned import CannedAnswerAdmin
from support.admin.tickets.desk import SupportTicketAdmin

__all__ = ["CannedAnswerAdmin", "SupportTicketAdmin"]
