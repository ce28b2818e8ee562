from core.models.attachment import Attachment
from core.models.audit import AuditEntry
from core.models.base import ModeratedModel, ModeratedQuerySet, TimestampedModel
from core.models.comment import ThreadedComment, ThreadedCommentQuerySet
from core.models.filter import TextFilter
from core.models.mail import MailSuppression, OutgoingMail
from core.models.prepared import PreparedWritesMixin

__all__ = [
    "Attachment",
    "AuditEntry",
    "MailSuppression",
    "ModeratedModel",
    "ModeratedQuerySet",
    "OutgoingMail",
    "PreparedWritesMixin",
    "TextFilter",
    "ThreadedComment",
    "ThreadedCommentQuerySet",
    "TimestampedModel",
]
