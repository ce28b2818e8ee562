"""Changes of what means the same to those who search: each is written down, and holds at once."""

from django.db import transaction

from accounts.models import User
from core.models import AuditEntry
from marketplace.models import SynonymGroup
from marketplace.search.synonyms import forget_synonyms


def save(*, group: SynonymGroup, by: User) -> None:
    """Store a new group, or one that was changed."""
    with transaction.atomic():
        action = "synonyms.add" if group.pk is None else "synonyms.change"
        group.save()
        AuditEntry.record(actor=by, action=action, target=group, words=group.words)
        transaction.on_commit(forget_synonyms)


def delete(*, group: SynonymGroup, by: User) -> None:
    """Forget a group."""
    with transaction.atomic():
        AuditEntry.record(actor=by, action="synonyms.delete", target=group, words=group.words)
        group.delete()
        transaction.on_commit(forget_synonyms)
