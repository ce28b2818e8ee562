"""Marking in a text what somebody searched for, whatever case and accents either is written in."""

import re
import unicodedata

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Letters that are no letter with an accent, as PostgreSQL's unaccent writes them.
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
# Shorter ones are marked at the beginning of a word only: a single letter is everywhere.
_SHORTEST_INSIDE = 3
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """In small letters and without accents."""
    return "".join(map(_folded_letter, text))


def folded_words(text: str) -> list[str]:
    """The words of a text, folded; what is neither letter nor digit parts them."""
    return _WORD.findall(folded(text))


def highlighted(text: str, words: list[str]) -> SafeString:
    """`text` with each of `words` (folded) in `<mark>`; everything else escaped."""
    pieces = [_folded_letter(letter) for letter in text]
    # Where each folded letter came from: one letter may have become two, or none.
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    pattern = _pattern(words)
    parts, end = [], 0
    for match in pattern.finditer("".join(pieces)) if pattern else ():
        start, stop = origin[match.start()], origin[match.end() - 1] + 1
        # An accent on its own belongs to the letter before it.
        while stop < len(text) and not pieces[stop]:
            stop += 1
        if start >= end:
            parts += [text[end:start], format_html("<mark>{}</mark>", text[start:stop])]
            end = stop
    return format_html_join("", "{}", ((part,) for part in [*parts, text[end:]]))


def _folded_letter(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(_LETTERS.get(part, part) for part in decomposed if not unicodedata.combining(part))


def _pattern(words: list[str]) -> re.Pattern | None:
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    alternatives = [
        re.escape(word) if len(word) >= _SHORTEST_INSIDE else rf"(?<![^\W_]){re.escape(word)}"
        for word in wanted
    ]
    return re.compile("|".join(alternatives)) if alternatives else None
