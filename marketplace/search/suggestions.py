"""What the search field offers while somebody types: words, categories, models and creators.

A handful of queries over small or indexed tables, whatever the number of models; see `marketplace.search.popular`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from accounts.finding import creators_beginning_with
from core.highlighting import folded, folded_words, highlighted
from core.templatetags.core_tags import exact_number
from marketplace.categories import enabled_categories
from marketplace.models import Model3D, SearchSuggestion
from marketplace.search.forms import clean_text
from marketplace.search.words import corrected, words_beginning

PHRASES, CATEGORIES, TITLES, CREATORS = 4, 2, 4, 2
# Titles of models that are listed no more fall out of so many.
CANDIDATES = 20
MAX_WORDS = 6
# Short beginnings match most and are typed by everybody; longer ones are too many to keep.
KEPT_LENGTH = 3
KEPT_SECONDS = 60
_KEPT = re.compile(rf"[^\W_]{{1,{KEPT_LENGTH}}}")


@dataclass(frozen=True)
class Suggestion:
    """One line: where it leads, its words with what was typed in `<mark>`, a note, an icon's name."""

    url: str
    label: SafeString
    icon: str
    note: str = ""


def suggestions_for(text: str) -> list[Suggestion]:
    """For what stands in the field; none for nothing. No mature models: the field is everybody's."""
    text = clean_text(text)
    words = folded_words(text)[:MAX_WORDS]
    if not words:
        return []
    if not _KEPT.fullmatch(text):
        return _found(text, words)
    # All words: one sign may be several of them, such as a fraction.
    key = f"marketplace:suggestions:{'-'.join(words)}"
    return cache.get_or_set(key, lambda: _found(text, words), KEPT_SECONDS)


def _found(text: str, words: list[str]) -> list[Suggestion]:
    """Where nothing begins so, what begins as the words were probably meant."""
    found = _beginning_with(text, words)
    meant = None if found else corrected(text)
    return found if meant is None else _beginning_with(meant, folded_words(meant)[:MAX_WORDS])


def _beginning_with(text: str, words: list[str]) -> list[Suggestion]:
    return [*_phrases(words), *_categories(words), *_titles(words), *_creators(text, words)]


def _phrases(words: list[str]) -> Iterable[Suggestion]:
    """Popular tags; where they are few, also what is typed with its last word completed."""
    popular = SearchSuggestion.objects.filter(kind=SearchSuggestion.Kind.PHRASE).beginning_with(words)
    phrases = list(popular.best_first().values_list("text", flat=True)[:PHRASES])
    if len(phrases) < PHRASES:
        known = {folded(phrase) for phrase in phrases}
        completed = [" ".join([*words[:-1], word]) for word in words_beginning(words[-1], 2 * PHRASES)]
        phrases += [phrase for phrase in completed if phrase not in known][: PHRASES - len(phrases)]
    for phrase in phrases:
        query = urlencode({"q": phrase})
        yield Suggestion(f"{reverse('marketplace:grid')}?{query}", highlighted(phrase, words), "search")


def _categories(words: list[str]) -> Iterable[Suggestion]:
    fitting = [category for category in enabled_categories() if _begins(words, folded_words(category.name))]
    for category in fitting[:CATEGORIES]:
        count = category.model_count
        yield Suggestion(
            category.get_absolute_url(),
            highlighted(category.name, words),
            category.icon,
            f"{exact_number(count)} model{'' if count == 1 else 's'}",
        )


def _titles(words: list[str]) -> Iterable[Suggestion]:
    """Titles whose model is listed still: what was withdrawn is offered to nobody, whenever the table was renewed."""
    popular = SearchSuggestion.objects.filter(kind=SearchSuggestion.Kind.TITLE).beginning_with(words)
    candidates = list(popular.best_first().values_list("model", flat=True)[:CANDIDATES])
    if not candidates:
        return
    listed = Model3D.objects.listed().filter(is_mature=False).select_related("creator")
    models = listed.in_bulk(candidates)
    for pk in [pk for pk in candidates if pk in models][:TITLES]:
        model = models[pk]
        label = highlighted(model.title, words)
        yield Suggestion(model.get_absolute_url(), label, "box", model.creator.display_name)


def _creators(text: str, words: list[str]) -> Iterable[Suggestion]:
    for person in creators_beginning_with(text)[:CREATORS]:
        note = f"@{person.username}" if person.full_name else "Creator"
        label = highlighted(person.display_name, words)
        yield Suggestion(person.get_absolute_url(), label, "user", note)


def _begins(wanted: list[str], words: list[str]) -> bool:
    """Whether each wanted word begins one of `words`."""
    return all(any(word.startswith(beginning) for word in words) for beginning in wanted)
