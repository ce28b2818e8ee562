"""Tags as people type them: words between commas."""

import re

from django import forms

MAX_TAGS = 15
MAX_LENGTH = 40
# Letters and digits of any script, and what joins or follows them in names such as "sci-fi", "c++", "18th c.", "d&d".
_TAG = re.compile(r"[\w][\w .+#&'’/-]*")


class TagsField(forms.CharField):
    """A comma-separated list; cleans to a list of names in lower case, each once, in the order typed."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("max_length", 1000)
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else ", ".join(value)

    def to_python(self, value) -> list[str]:
        names = (" ".join(part.lower().split()) for part in (super().to_python(value) or "").split(","))
        return list(dict.fromkeys(name for name in names if name))

    def run_validators(self, value: list[str]) -> None:
        super().run_validators(", ".join(value))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > MAX_TAGS:
            raise forms.ValidationError(
                f"Use at most {MAX_TAGS} tags; these are {len(value)}.", code="too_many"
            )
        for name in value:
            if len(name) > MAX_LENGTH:
                raise forms.ValidationError(
                    f"A tag has at most {MAX_LENGTH} characters: “{name[:MAX_LENGTH]}…” is longer.",
                    code="too_long",
                )
            if not _TAG.fullmatch(name):
                raise forms.ValidationError(
                    f"“{name}” is no tag: use letters, digits, spaces and hyphens.", code="invalid"
                )
