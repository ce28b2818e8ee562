"""The one lock of a community: who comes in, goes, and what they may do is decided behind it."""

from community.models import Community


def locked(community: Community | int) -> Community:
    """The community's row as it is now, locked until the transaction ends; before any row of people (decision 22)."""
    pk = community if isinstance(community, int) else community.pk
    return Community.objects.select_for_update(of=("self",), no_key=True).select_related("owner").get(pk=pk)
