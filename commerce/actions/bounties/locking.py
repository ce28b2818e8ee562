"""The locks of bounties; see docs/decisions on locking for their order."""

from commerce.locks import lock_buyer
from commerce.models import Bounty


def lock_bounty(bounty_id: int) -> Bounty:
    """Lock the bounty's row until the end of the transaction: enough for what moves no money."""
    rows = Bounty.objects.select_related("creator", "payment").filter(pk=bounty_id)
    return rows.select_for_update(no_key=True, of=("self",)).get()


def lock_with_money(bounty: Bounty) -> Bounty:
    """Lock poster and bounty: whoever moves its money holds both."""
    lock_buyer(bounty.creator_id)
    return lock_bounty(bounty.pk)
