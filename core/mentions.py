"""`@name` in people's texts."""

import re

# A mention starts a word: the name of an address (`ana@example.com`) is none.
MENTION = re.compile(r"(?<![\w@./-])@([A-Za-z0-9_][A-Za-z0-9_.-]{0,38}[A-Za-z0-9_]|[A-Za-z0-9_])")


def mentioned_names(text: str) -> list[str]:
    """The names in the order in which they first appear, each once, as they are written."""
    found = {}
    for name in MENTION.findall(text):
        found.setdefault(name.lower(), name)
    return list(found.values())
