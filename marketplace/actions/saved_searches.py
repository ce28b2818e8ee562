"""Saved searches: kept for their owner, and looked at for what is new."""

from datetime import datetime, timedelta

from django.core.exceptions import TooManyFieldsSent
from django.db import transaction
from django.utils import timezone

from accounts.models import Notification, User
from accounts.notifications import notify
from core.mail import send
from marketplace.exceptions import SearchNotSaved
from marketplace.models import SavedSearch
from marketplace.models.saved_search import LOOKING_PAUSE, MAX_EACH, TELLING_PAUSE
from marketplace.saved_searches import criteria_of, new_matches, query_of

# So many searches are looked at in one go; the next go takes the next ones.
BATCH = 500
# New matches are counted up to here.
MAX_COUNT = 100
NAMED_IN_MAIL = 5
# What is being published just now is left to the next look: another transaction may commit an earlier time later.
SETTLING = timedelta(minutes=2)
_TOO_MUCH = "This is too much to save. Use fewer words or filters."
_LONGEST = SavedSearch._meta.get_field("query").max_length


def save(*, user: User, name: str, query: str) -> SavedSearch:
    """Keep what the address's `query` asks for under a name.

    Raises:
        SearchNotSaved: it asks for nothing or too much, is saved already, or the person has `MAX_EACH`.
    """
    try:
        written = query_of(criteria_of(query))
    except TooManyFieldsSent as error:
        raise SearchNotSaved(_TOO_MUCH) from error
    if not written:
        raise SearchNotSaved("Search for something, or choose a filter, before you save.")
    if len(written) > _LONGEST:
        raise SearchNotSaved(_TOO_MUCH)
    with transaction.atomic():
        # Two at once must not make one too many.
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        same = user.saved_searches.filter(query=written).first()
        if same is not None:
            raise SearchNotSaved(f"You have saved this search already, as “{same.name}”.")
        if user.saved_searches.count() >= MAX_EACH:
            raise SearchNotSaved(f"You have {MAX_EACH} saved searches, which is as many as anybody may have.")
        now = timezone.now()
        return user.saved_searches.create(
            name=name, query=written, seen_until=now, next_look_at=now + LOOKING_PAUSE
        )


def look_for_new_matches(*, now: datetime | None = None) -> int:
    """Look at the searches whose turn it is; how many of their owners were told."""
    now = now or timezone.now()
    due = list(SavedSearch.objects.due(now).values_list("pk", flat=True)[:BATCH])
    return sum(look(search_id, now=now) for search_id in due)


def look(search_id: int, *, now: datetime) -> bool:
    """Tell of what is new since the last look; False where nothing is, or somebody else looks at it already."""
    with transaction.atomic():
        saved = (
            SavedSearch.objects.select_for_update(of=("self",), skip_locked=True)
            .due(now)
            .filter(pk=search_id)
            .select_related("user")
            .first()
        )
        if saved is None:
            return False
        until = now - SETTLING
        is_told = new_matches(saved, since=saved.seen_until, until=until).exists()
        if is_told:
            _tell(saved, until=until, now=now)
        saved.seen_until = max(until, saved.seen_until)
        saved.next_look_at = now + (TELLING_PAUSE if is_told else LOOKING_PAUSE)
        saved.save(update_fields=["seen_until", "told_from", "next_look_at"])
    return is_told


def _tell(saved: SavedSearch, *, until: datetime, now: datetime) -> None:
    """One notification a search: while it is unread, it goes on counting from where it began."""
    group = f"saved-search:{saved.pk}"
    is_unread = saved.user.notifications.unread().filter(group=group).exists()
    if saved.told_from is None or not is_unread:
        saved.told_from = saved.seen_until
    matches = new_matches(saved, since=saved.told_from, until=until)
    count = matches.order_by().values("pk")[: MAX_COUNT + 1].count()
    titles = list(matches.values_list("title", flat=True)[:NAMED_IN_MAIL])
    number = f"{MAX_COUNT}+" if count > MAX_COUNT else str(count)
    models = f"{number} new model{'' if count == 1 else 's'}"
    context = {
        "name": saved.name,
        "models": models,
        "titles": titles,
        "others": min(count, MAX_COUNT) - len(titles),
        "url": saved.newest_url,
    }
    notify(
        user=saved.user,
        kind=Notification.Kind.SAVED_SEARCH,
        title=f"{models} for “{saved.name}”",
        message=", ".join(titles),
        link=saved.get_absolute_url(),
        group=group,
        mail=lambda: send(
            kind="marketplace/saved_search",
            to=saved.user,
            context=context,
            dedupe_key=f"saved-search:{saved.pk}:{now:%Y-%m-%d}",
        ),
    )
