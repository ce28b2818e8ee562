"""Finding people by their names: over an index, whatever case and accents, and by nearly right names too."""

import re

from allauth.account.models import EmailAddress
from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from accounts.models import User
from core.highlighting import folded_words

MAX_WORDS = 6
# Shorter words are looked for at the beginning of a name only.
SHORTEST_INSIDE = 3
# So many nearly right names at most.
MAX_NEAR = 24
_NOT_OF_A_USERNAME = re.compile(r"[^\w.@+-]")


def people_named(text: str) -> QuerySet[User]:
    """Active people in whose username or full name each word of `text` stands.

    First who is called exactly so, then whose names begin so, then the others; each by sales and followers.
    """
    words = folded_words(text)[:MAX_WORDS]
    if not words:
        return User.objects.none()
    people = User.objects.active()
    for word in words:
        beginning = "" if len(word) >= SHORTEST_INSIDE else " "
        people = people.filter(searchable_names__contains=f"{beginning}{word}")
    is_username = Q(username__iexact=_NOT_OF_A_USERNAME.sub("", text))
    # The full name stands last.
    is_full_name = Q(searchable_names__endswith=f" {' '.join(words)}")
    nearness = Case(
        When(is_username | is_full_name, then=Value(0)),
        When(searchable_names__contains=f" {words[0]}", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return people.alias(nearness=nearness).order_by("nearness", "-total_sales", "-followers_count", "pk")


def anybody(text: str) -> QuerySet[User]:
    """For the console: whoever has `text` as one of their e-mail addresses, or in their names."""
    if "@" not in text:
        return everybody_named(text)
    whole = text.strip().lower()
    main = User.objects.filter(email__iexact=whole)
    other = EmailAddress.objects.filter(email=whole)
    return User.objects.filter(Q(pk__in=main.values("pk")) | Q(pk__in=other.values("user"))).order_by("pk")


def everybody_named(text: str) -> QuerySet[User]:
    """For the console: as `people_named`, and also people who are suspended, by the beginnings of their names."""
    words = folded_words(text)[:MAX_WORDS]
    if not words:
        return User.objects.none()
    rule = Q()
    for word in words:
        beginning = "" if len(word) >= SHORTEST_INSIDE else " "
        rule &= Q(searchable_names__contains=f"{beginning}{word}")
    # Each half has an index of its own.
    found = User.objects.filter(Q(is_active=True) & rule | Q(is_active=False) & rule)
    exactly = Case(
        When(username__iexact=_NOT_OF_A_USERNAME.sub("", text), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return found.alias(nearness=exactly).order_by("nearness", "-total_sales", "pk")


def people_nearly_named(text: str) -> QuerySet[User]:
    """For when nobody is called so: active people whose names are most like `text`, at most `MAX_NEAR`."""
    wanted = " ".join(folded_words(text)[:MAX_WORDS])
    near = RawSQL("SELECT id FROM accounts_people_resembling(%s, %s)", [wanted, MAX_NEAR])
    likeness = Func(Value(wanted), F("searchable_names"), function="word_similarity")
    return User.objects.active().filter(pk__in=near).order_by(likeness.desc(), "-total_sales", "pk")


def creators_beginning_with(text: str) -> QuerySet[User]:
    """Active people with models in whose names each word of `text` begins a word; the best-selling first."""
    words = folded_words(text)[:MAX_WORDS]
    if not words:
        return User.objects.none()
    people = User.objects.active().filter(total_models__gt=0)
    for word in words:
        people = people.filter(searchable_names__contains=f" {word}")
    return people.order_by("-total_sales", "-total_models", "pk")
