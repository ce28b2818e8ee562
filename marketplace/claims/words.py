"""A creator's words, cut into the pieces in which a "no" reaches as far as it is meant to.

Everything here prefers silence: a phrase that may be denied, conditional, or about another thing claims nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.markdown import Block, text_blocks

# Same length each, so that positions stay.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "_": " ", "\u00a0": " "})

# A full stop or comma between digits belongs to a number.
_BOUNDARY = re.compile(
    r"[!?;\n•·|()\[\]]|:(?!\s?\d)|\.(?!\d)|,(?!\d{3})|\s[-/+]+\s"
    r"|\s(?:but|although|though|however|while|whereas|yet)\s",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not(?! only| just)|non|without|w/o|never|neither|nor|none|lacks?|lacking|missing|cannot|zero|0|minus"
    r"|except|excluding|excludes?|excluded|instead of|rather than|free of|omits?|removed|todo)\b|n't\b|[❌✗✘✖🚫]",
    re.IGNORECASE,
)
_HEDGE_BEFORE = re.compile(
    r"\b(?:(?:ready|suitable|suited|perfect|ideal|great|good|best|nice|useful|meant|intended|designed|prepared|made"
    r"|optimi[sz]ed|fit|used?|works?|base|reference) (?:for|to|as|by|with)|can|could|may|might|should|would|will|to be"
    r"|to get|wants?|needs?|needed|if|when|once|before|until|how|tutorial|requests?|contact|ask|planned|plan|coming"
    r"|soon|later|future|another|other|separate|separately|upgrade|easy to|easily|allows?|possible|inspired|imagine"
    r"|looks? like|like an?|baked from|bake from|bakes?|baking|version of|rendered|renders?|screenshots?|pictures?)\b",
    re.IGNORECASE,
)
_HEDGE_AFTER = re.compile(
    r"\b(?:separate(?:ly)?|on request|upon request|soon|planned|in progress|wip|sold|extra|optional|optionally|later"
    r"|future|another|other|versions?|variants?|editions?|can be|could be|will be|if (?:you|needed|wanted)"
    r"|is not|are not|was not|not (?:included|part|yet)|missing|needed|required|removed)\b|n't\b",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"\s*[:=?>|-]*\s*[(\[]?\s*(?:(?:no|none|not|nope|false|n/?a|0|off)\b|[❌✗✘✖🚫])", re.IGNORECASE
)
_DENIED_WITHIN = re.compile(r"\b(?:no|not|without|zero)\b", re.IGNORECASE)
_AFFIRMATION = re.compile(
    r"\b(?:fully|with|has|have|is|are|comes|includes?|including|only|yes|ready|high|low|great)\b",
    re.IGNORECASE,
)
_LONGEST_LISTED = 4


@dataclass(frozen=True)
class Words:
    """What a creator wrote of a model; the description is Markdown."""

    title: str
    description: str = ""
    tags: tuple[str, ...] = ()

    def clauses(self) -> "list[Clause]":
        """The smallest pieces that say something, in reading order: title, tags, description."""
        found = list(_clauses(self.title, "title"))
        for tag in self.tags:
            found += _clauses(tag, "tag")
        is_denied = False
        for block in text_blocks(self.description):
            is_heading = block.kind is Block.Kind.HEADING or block.text.rstrip().endswith(":")
            if is_heading or block.kind is not Block.Kind.ITEM:
                is_denied = is_heading and _is_doubtful(block.text)
            if not (is_denied and block.kind is Block.Kind.ITEM):
                found += _clauses(block.text, "description")
        return found


@dataclass(frozen=True)
class Clause:
    """One piece; `rest` is the line after it, `place` is title, tag or description."""

    text: str
    rest: str
    place: str
    is_denied: bool = False

    def claims(self, pattern: re.Pattern) -> re.Match | None:
        """The first match of `pattern` that is neither denied nor hedged."""
        if self.is_denied:
            return None
        for match in pattern.finditer(self.text):
            before, after = self.text[: match.start()], self.text[match.end() :]
            if not (
                _NEGATION.search(before)
                or _DENIED_WITHIN.search(match.group())
                or before.rstrip().lower().endswith(("un", "un-", "non-", "semi-"))
                or _HEDGE_BEFORE.search(before)
                or _HEDGE_AFTER.search(after)
                or _DENIED_AFTER.match(after + self.rest)
            ):
                return match
        return None


def _is_doubtful(text: str) -> bool:
    return bool(_NEGATION.search(text) or _HEDGE_BEFORE.search(text) or _HEDGE_AFTER.search(text))


def _clauses(text: str, place: str) -> Iterator[Clause]:
    """The clauses of some lines; "no" reaches over the commas of a list: "no rig, animations or textures"."""
    text = text.translate(_PLAIN)
    start, was_denied, separator = 0, False, ""
    for boundary in [*_BOUNDARY.finditer(text), None]:
        end = boundary.start() if boundary else len(text)
        piece = text[start:end].strip()
        line_end = text.find("\n", end)
        rest = text[end : line_end if line_end >= 0 else len(text)]
        if piece:
            is_listed = separator == "," and len(piece.split()) <= _LONGEST_LISTED
            goes_on = separator == ":" or (is_listed and not _AFFIRMATION.search(piece))
            is_denied = was_denied and goes_on
            yield Clause(piece, rest, place, is_denied)
            was_denied = is_denied or bool(_NEGATION.search(piece))
            separator = ""
        if boundary:
            start = boundary.end()
            separator = boundary.group().strip() or "\n"
