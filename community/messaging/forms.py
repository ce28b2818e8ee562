"""What people fill in to write to somebody."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from community.actions.messages import Letter
from community.messaging.attachments import ACCEPT, MAX_BYTES, prepared
from community.models.messages.message import MAX_ATTACHMENTS, MAX_LENGTH
from community.uploads import FilesField
from marketplace.models import Model3D

BODY_ATTRS = {"rows": 3, "maxlength": MAX_LENGTH}


class WordsField(forms.CharField):
    """Words, which nearly every message has: they are not called optional, though a file alone is a message too."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            label="Message",
            max_length=MAX_LENGTH,
            error_messages={"max_length": f"A message has at most {MAX_LENGTH:,} characters."},
            **kwargs,
        )

    def validate(self, value) -> None:
        """That there is something in the message is for the form to say."""


class MessageForm(forms.Form):
    """A message; `letter()` is what the actions take, after a successful clean."""

    use_required_attribute = False

    body = WordsField(widget=forms.Textarea(attrs=BODY_ATTRS))
    attachments = FilesField(
        prepare=prepared,
        accept=ACCEPT,
        most=MAX_ATTACHMENTS,
        label="Pictures and files",
        help_text=f"Up to {MAX_ATTACHMENTS}, each of at most {MAX_BYTES // 1024**2} MB. "
        "Only the two of you can open them.",
    )
    model = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, sender: User, model: Model3D | None = None, **kwargs):
        initial = {"key": uuid4(), "model": model.pk if model else None}
        super().__init__(data, files, initial=initial, **kwargs)
        self.sender = sender
        # The model that comes along, as the page shows it: `form.model` is the field there.
        self.attached = model

    def clean_model(self) -> Model3D | None:
        pk = self.cleaned_data["model"]
        if pk is None:
            return None
        model = attachable(self.sender, pk)
        if model is None:
            raise ValidationError("There is no such model.", code="missing")
        self.attached = model
        return model

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not (data["body"] or data["model"] or data["attachments"]):
            self.add_error("body", "Write something, or add a picture or a file.")
        return data

    def letter(self) -> Letter:
        data = self.cleaned_data
        return Letter(
            body=data["body"], model=data["model"], attachments=data["attachments"], key=data["key"]
        )


def attachable(sender: User, pk: int | None) -> Model3D | None:
    """The model of this number, where `sender` sees it."""
    if pk is None or pk > 2**63 - 1:
        return None
    return Model3D.objects.visible_to(sender).with_card_data().filter(pk=pk).first()


class NewMessageForm(MessageForm):
    """The first message to somebody, who is named."""

    to = forms.CharField(
        label="To",
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "list": "people"}
        ),
        help_text="Their user name, as in the address of their profile.",
        error_messages={"required": "Say whom you want to write to."},
    )
    field_order = ("to", "body", "attachments")

    def clean_to(self) -> User:
        name = self.cleaned_data["to"].strip().removeprefix("@")
        person = User.objects.active().filter(username__iexact=name).first()
        if person is None:
            raise ValidationError("There is nobody of this name.", code="missing")
        if person == self.sender:
            raise ValidationError("You cannot write to yourself.", code="oneself")
        return person


class WordsForm(forms.Form):
    """Other words for a message."""

    use_required_attribute = False

    body = WordsField(widget=forms.Textarea(attrs=BODY_ATTRS | {"rows": 5}))
