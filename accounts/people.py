"""People as pages show them to somebody: a profile's head and tabs, and lists with the viewer's own relations."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Follow, User, UserBlock, UserProfile


@dataclass(frozen=True)
class Known:
    """Somebody in a list, and what the viewer may do about them."""

    person: User
    follows: bool
    is_self: bool


def known_to(viewer, people: Iterable[User]) -> list[Known]:
    """One query for the whole page."""
    people = list(people)
    followed = set()
    if viewer.is_authenticated:
        rows = Follow.objects.filter(follower=viewer, followed__in=people)
        followed = set(rows.values_list("followed_id", flat=True))
    return [Known(person, person.pk in followed, person.pk == viewer.pk) for person in people]


def find_person(username: str) -> User:
    """An active person, whatever letters' case the name is written in.

    Raises:
        Http404: there is none.
    """
    # No text in the database holds a null, and asking for it is an error there.
    if "\0" in username:
        raise Http404
    people = User.objects.active().select_related("profile")
    return get_object_or_404(people, username__iexact=username)


class ProfilePage:
    """The head of a person's pages as `viewer` sees it."""

    def __init__(self, person: User, *, viewer):
        self.person = person
        self.viewer = viewer
        self.is_own = viewer.is_authenticated and viewer.pk == person.pk

    @cached_property
    def profile(self) -> UserProfile | None:
        return getattr(self.person, "profile", None)

    @property
    def place(self) -> str:
        return self.profile.place if self.profile and self.profile.shows_location else ""

    @property
    def links(self) -> list[dict[str, str]]:
        return self.profile.links() if self.profile else []

    @property
    def banner_url(self) -> str:
        return self.profile.banner.url if self.profile and self.profile.banner else ""

    @property
    def is_indexed(self) -> bool:
        """Whether search engines may list the person's pages."""
        return self.profile is None or self.profile.is_indexed

    @property
    def shows_likes(self) -> bool:
        return self.is_own or bool(self.profile and self.profile.shows_likes)

    @cached_property
    def follows(self) -> bool:
        return (
            self.viewer.is_authenticated
            and Follow.objects.filter(follower=self.viewer, followed=self.person).exists()
        )

    @cached_property
    def is_blocked(self) -> bool:
        """Whether the viewer has blocked the person."""
        return (
            self.viewer.is_authenticated
            and UserBlock.objects.filter(blocker=self.viewer, blocked=self.person).exists()
        )

    def tabs(self, current: str) -> list[dict]:
        """As the component `tabs` wants them; `current` is the name of the page's address."""
        offered = [
            ("accounts:profile", "Models", self.person.total_models),
            ("marketplace:profile_collections", "Collections", None),
            ("commerce:profile_reviews", "Reviews", self.person.rating_count or None),
            ("community:profile_communities", "Communities", None),
            ("marketplace:profile_likes", "Likes", None),
            ("accounts:profile_about", "About", None),
        ]
        # Who sells nothing is not reviewed.
        is_reviewed = self.person.is_creator or self.person.rating_count
        hidden = {
            *(() if self.shows_likes else ("marketplace:profile_likes",)),
            *(() if is_reviewed else ("commerce:profile_reviews",)),
        }
        return [
            {
                "label": label,
                "url": reverse(name, args=[self.person.username]),
                "count": count,
                "is_current": name == current,
            }
            for name, label, count in offered
            if name not in hidden
        ]
