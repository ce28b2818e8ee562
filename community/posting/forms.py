"""What people fill in about posts."""

import re

from django import forms
from django.core.exceptions import ValidationError

from community.actions.posts import Change, Draft
from community.actions.posts.writing import NOTHING_IN_IT
from community.models import CommunityPost
from community.models.post import MAX_IMAGES, MAX_LENGTH
from community.posting.pictures import ACCEPT, MAX_BYTES, prepared
from community.uploads import FilesField
from core.public_words import PublicWordsMixin
from marketplace.models import Model3D

# A model's address, whole or from its path on, or its number alone.
_MODEL = re.compile(r"(?:(?:https?://)?[^/\s]+)?/model/(\d{1,18})/?(?:[?#]\S*)?|(\d{1,18})")
_DESCRIPTION_LENGTH = 200


class WordsField(forms.CharField):
    """Words, which nearly every post has: they are not called optional, though a picture alone is a post too."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            max_length=MAX_LENGTH,
            error_messages={"max_length": f"A post has at most {MAX_LENGTH:,} characters."},
            **kwargs,
        )
        # The browser would cut off what is pasted without a word.
        self.widget.attrs.pop("maxlength", None)

    def validate(self, value) -> None:
        """That there is something in the post is for the form to say."""


class ModelField(forms.CharField):
    """The address of a model; cleans to the model, or None. Only what everybody may open can be shown in a post."""

    default_error_messages = {
        "invalid": "Give the address of a model’s page, as it stands in the browser.",
        "missing": "There is no such model, or not everybody may open it.",
    }

    # What is shown already, which stays though not everybody may open it any more.
    kept: Model3D | None = None

    def __init__(self, **kwargs) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false", "inputmode": "url", "placeholder": "/model/…"}
        super().__init__(required=False, max_length=500, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value) -> Model3D | None:
        text = super().clean(value)
        if not text:
            return None
        if self.kept is not None and text == self.kept.get_absolute_url():
            return self.kept
        found = _MODEL.fullmatch(text)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        model = Model3D.objects.open_to_all().filter(pk=found[1] or found[2]).first()
        if model is None:
            raise ValidationError(self.error_messages["missing"], code="missing")
        return model


class PostForm(forms.Form):
    """A new post; `draft()` is what the actions take, after a successful clean."""

    use_required_attribute = False

    body = WordsField(
        label="Your post",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "Show what you work on, or ask something"}),
    )
    pictures = FilesField(
        prepare=prepared,
        accept=ACCEPT,
        most=MAX_IMAGES,
        noun="pictures",
        label="Pictures",
        help_text=f"Up to {MAX_IMAGES}, JPEG, PNG or WebP, each of at most {MAX_BYTES // 1024**2} MB.",
    )
    model = ModelField(
        label="A model", help_text="The address of its page: it is shown with its picture and price."
    )

    @property
    def had_pictures(self) -> bool:
        """Whether some were sent that a browser does not send again by itself."""
        return bool(self.errors and self.files)

    @property
    def is_long(self) -> bool:
        """Whether the composer stands open: there is something in its lower half, or an error."""
        return bool(self.errors or self.initial.get("model"))

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and self._is_empty(data):
            self.add_error("body", NOTHING_IN_IT)
        return data

    def _is_empty(self, data: dict) -> bool:
        return not (data["body"] or data["model"] or data["pictures"])

    def draft(self) -> Draft:
        data = self.cleaned_data
        return Draft(body=data["body"], model=data["model"], pictures=data["pictures"])


class EditForm(PublicWordsMixin, PostForm):
    """Another text, and what becomes of the pictures that are there; `change()` is what the actions take."""

    def __init__(self, data=None, files=None, *, post: CommunityPost) -> None:
        shown = post.model.get_absolute_url() if post.model is not None else ""
        super().__init__(data, files, initial={"body": post.body, "model": shown})
        self.images = list(post.images.order_by("order"))
        self.fields["model"].kept = post.model
        self.fields["body"].widget.attrs["rows"] = 10
        self.fields["pictures"].label = "More pictures"
        for image in self.images:
            self.fields[f"alt_{image.pk}"] = forms.CharField(
                label="What is to be seen", required=False, max_length=_DESCRIPTION_LENGTH, initial=image.alt
            )
            self.fields[f"remove_{image.pk}"] = forms.BooleanField(
                label="Take this picture out", required=False
            )
        # The words are the action's business.
        self.public_words = tuple(f"alt_{image.pk}" for image in self.images)

    @property
    def picture_rows(self) -> list[dict]:
        """Each picture with its two fields."""
        return [
            {"image": image, "alt": self[f"alt_{image.pk}"], "remove": self[f"remove_{image.pk}"]}
            for image in self.images
        ]

    def _removed(self, data: dict) -> frozenset[int]:
        return frozenset(image.pk for image in self.images if data.get(f"remove_{image.pk}"))

    def _is_empty(self, data: dict) -> bool:
        return super()._is_empty(data) and len(self._removed(data)) == len(self.images)

    def change(self) -> Change:
        data = self.cleaned_data
        return Change(
            body=data["body"],
            model=data["model"],
            pictures=data["pictures"],
            descriptions={image.pk: data[f"alt_{image.pk}"] for image in self.images},
            removed=self._removed(data),
        )
