"""The numbered events of a community, and those who are told of them; see `CommunityEvent`."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts import live
from community.models import Community, CommunityEvent, CommunityPost, PostComment

KEPT_FOR = timedelta(days=7)
# So many are forgotten in one go.
BATCH = 5_000


def group_name(community_pk: int) -> str:
    """The channel group of all who look on."""
    return f"community.{community_pk}"


def record(
    community: Community | int,
    kind: CommunityEvent.Kind,
    *,
    post: CommunityPost | None = None,
    comment: PostComment | None = None,
) -> CommunityEvent:
    """Number one event, and tell those who look on when the transaction commits. Inside the transaction of the deed.

    The community's row is locked by it until that transaction ends, and so the numbers are given in the order in which
    their transactions commit, without a hole. It comes before people's rows, and so before anybody is notified.
    """
    pk = community if isinstance(community, int) else community.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE community_community SET last_event = last_event + 1 WHERE id = %s RETURNING last_event",
            [pk],
        )
        number = cursor.fetchone()[0]
    event = CommunityEvent.objects.create(
        community_id=pk, number=number, kind=kind, post=post, comment_pk=comment.pk if comment else None
    )
    transaction.on_commit(lambda: _send(pk, {"type": "community.event", "number": number}), robust=True)
    return event


def member_changed(community: Community | int, user_id: int) -> None:
    """Somebody came, went, or has another role: their open pages ask again what they may see."""
    pk = community if isinstance(community, int) else community.pk
    record(pk, CommunityEvent.Kind.MEMBERS)
    transaction.on_commit(lambda: _send(pk, {"type": "member.changed", "user": user_id}), robust=True)


def audience_changed(community: Community | int) -> None:
    """Others may see it than before: every open page asks again."""
    pk = community if isinstance(community, int) else community.pk
    record(pk, CommunityEvent.Kind.COMMUNITY)
    transaction.on_commit(lambda: _send(pk, {"type": "audience.changed"}), robust=True)


def forget_old() -> int:
    """Throw away events older than `KEPT_FOR`, the oldest first; how many those were."""
    count = 0
    while True:
        old = CommunityEvent.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).order_by("created_at")
        deleted, _ = CommunityEvent.objects.filter(
            pk__in=list(old.values_list("pk", flat=True)[:BATCH])
        ).delete()
        if not deleted:
            return count
        count += deleted


def _send(community_pk: int, message: dict) -> None:
    # Untold, they ask for what they missed when they connect again.
    live.send_to(group_name(community_pk), message)
