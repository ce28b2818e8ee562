"""What people write about the models they have, and what creators answer."""

from django import forms

from commerce.models.review import MAX_LENGTH, STARS
from core.public_words import PublicWordsMixin


def _words(**options) -> forms.CharField:
    return forms.CharField(
        max_length=MAX_LENGTH,
        error_messages={
            "required": "Write something first.",
            "max_length": "At most %(limit_value)s characters; yours has %(show_value)s.",
        },
        **options,
    )


def _plain(text: str) -> str:
    """Line ends as browsers send them count as one character."""
    return text.replace("\r\n", "\n").replace("\0", "")


class ReviewForm(PublicWordsMixin, forms.Form):
    """Stars and words; Markdown works in them."""

    public_words = ("body",)
    rating = forms.TypedChoiceField(
        label="How many stars?",
        coerce=int,
        choices=[(stars, f"{stars} star{'' if stars == 1 else 's'}") for stars in reversed(STARS)],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose from one to five stars.",
            "invalid_choice": "Choose from one to five stars.",
        },
    )
    body = _words(
        label="Your review",
        help_text="What is it like to work with? Does it keep what it promises? Markdown works.",
        widget=forms.Textarea(attrs={"rows": 7}),
    )

    def clean_body(self) -> str:
        return _plain(self.cleaned_data["body"])


class AnswerForm(PublicWordsMixin, forms.Form):
    """The creator's answer to a review."""

    public_words = ("body",)
    body = _words(
        label="Your answer",
        help_text="Everybody sees it below the review. Markdown works.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_body(self) -> str:
        return _plain(self.cleaned_data["body"])
