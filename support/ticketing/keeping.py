"""What tickets keep about people. See `accounts.personal_data`."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import F
from django.db.models.fields.files import FieldFile

from accounts.models import User
from accounts.personal_data import ROWS_AT_A_TIME, Exported, Fate, Held, Keeper, rows
from marketplace.actions.storing import delete_stored_on_commit
from support.models import SupportAttachment, SupportMessage, SupportTicket

_AGENTS_WORK = "What somebody did as an agent belongs to those whom they answered."
_OTHERS = "Whoever asked keeps the answer; the name at it is “Deleted account”."
HOLDS = {
    "support.SupportTicket.owner": Held("support_tickets", Fate.DELETED),
    "support.SupportTicket.assigned_to": Held("", Fate.KEPT, not_copied=_AGENTS_WORK, not_deleted=_OTHERS),
    # Their own go with their tickets.
    "support.SupportMessage.sender": Held("support_messages", Fate.ANONYMISED, not_deleted=_OTHERS),
    "support.TicketNote.author": Held("", Fate.ANONYMISED, not_copied=_AGENTS_WORK, not_deleted=_OTHERS),
}
_TICKET = ("subject", "category", "priority", "status", "created_at", "resolved_at", "rating", "rating_text")


def export(user: User) -> Exported:
    """What they asked, what they were answered there, and what they wrote as an agent."""
    mine = SupportTicket.objects.of_person(user).order_by("pk")
    own = SupportMessage.objects.said().filter(ticket__owner=user)
    said = (own | SupportMessage.objects.said().filter(sender=user)).order_by("ticket", "number")
    tables = [
        ("support_tickets", rows(mine, *_TICKET, ticket=F("public_id"))),
        (
            "support_messages",
            rows(said, "number", "sender_type", "body", "created_at", in_ticket=F("ticket__public_id")),
        ),
    ]
    return Exported(tables=tables, files=_files(user))


def _files(user: User) -> Iterator[tuple[str, FieldFile]]:
    attachments = SupportAttachment.objects.filter(message__ticket__owner=user).order_by("pk")
    for attachment in attachments.iterator(chunk_size=ROWS_AT_A_TIME):
        suffix = PurePosixPath(attachment.file.name).suffix
        yield f"support/{attachment.public_id}{suffix}", attachment.file


def erase(user: User) -> None:
    """Their tickets go whole, with what agents said in them; what they answered to others stays."""
    for pk in list(SupportTicket.objects.of_person(user).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            attachments = SupportAttachment.objects.filter(message__ticket=pk)
            delete_stored_on_commit([attachment.file for attachment in attachments])
            SupportTicket.objects.filter(pk=pk).delete()


def veto(user: User) -> list[str]:
    return []


def keeper() -> Keeper:
    return Keeper(name="tickets", holds=HOLDS, export=export, erase=erase, veto=veto)
