"""What people fill in to ask support, to answer, and to say how it was."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from community.messaging.attachments import ACCEPT, MAX_BYTES, prepared
from community.uploads import FilesField
from support.actions.tickets import Letter, Question
from support.models import SupportTicket
from support.models.tickets.message import MAX_ATTACHMENTS, MAX_LENGTH
from support.models.tickets.note import MAX_NOTE
from support.models.tickets.ticket import MAX_SUBJECT, STARS
from support.ticketing.about import About, about_in

_LIMITS = f"Up to {MAX_ATTACHMENTS}, each of at most {MAX_BYTES // 1024**2} MB."


def _plain(text: str) -> str:
    """Line ends as browsers send them count as one character."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def _files(**options) -> FilesField:
    return FilesField(
        prepare=prepared, accept=ACCEPT, most=MAX_ATTACHMENTS, label="Pictures and files", **options
    )


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


class ReplyForm(forms.Form):
    """A further message, by whoever asked or by an agent."""

    use_required_attribute = False

    body = WordsField(widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_LENGTH}))
    attachments = _files()
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(data, files, initial={"key": uuid4(), **kwargs.pop("initial", {})}, **kwargs)

    def clean_body(self) -> str:
        return _plain(self.cleaned_data["body"])

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not (data["body"] or data["attachments"]):
            self.add_error("body", "Write something, or add a picture or a file.")
        return data

    def letter(self) -> Letter:
        data = self.cleaned_data
        return Letter(body=data["body"], attachments=data["attachments"], key=data["key"])


class TicketForm(forms.Form):
    """A question; `question()` is what the action takes, after a successful clean."""

    use_required_attribute = False

    category = forms.ChoiceField(
        label="What is it about?",
        choices=[("", "Choose one"), *SupportTicket.Category.choices],
        error_messages={"required": "Choose what it is about."},
    )
    priority = forms.ChoiceField(
        label="How urgent is it?",
        choices=[
            ("low", "Low: whenever you find the time"),
            ("medium", "Medium: it holds me up"),
            ("high", "High: money or an account is at risk"),
        ],
        initial=SupportTicket.Priority.MEDIUM,
    )
    subject = forms.CharField(
        max_length=MAX_SUBJECT,
        help_text="In one line, as you would say it to a person.",
        error_messages={"required": "Say in one line what it is about."},
    )
    body = forms.CharField(
        label="Message",
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What did you do, what happened, and what should have? Markdown works.",
        error_messages={
            "required": "Say what happened.",
            "max_length": f"A message has at most {MAX_LENGTH:,} characters.",
        },
    )
    attachments = _files(help_text=f"{_LIMITS} Only you and our support can open them.")
    about = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, owner: User, about: About | None = None):
        self.owner = owner
        # What it is about, as the page shows it: `form.about` is the field there.
        self.subject_matter = about or About()
        initial = {
            "key": uuid4(),
            "about": self.subject_matter.key,
            "category": self.subject_matter.category,
        }
        super().__init__(data, files, initial=initial)

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].replace("\0", "").split())

    def clean_body(self) -> str:
        body = _plain(self.cleaned_data["body"])
        if not body:
            raise ValidationError("Say what happened.", code="required")
        return body

    def clean_about(self) -> About:
        key = self.cleaned_data["about"]
        about = about_in(key, self.owner) if key else About()
        if about is None:
            raise ValidationError("What it was about is not there.", code="missing")
        self.subject_matter = about
        return about

    def question(self) -> Question:
        data = self.cleaned_data
        return Question(
            subject=data["subject"],
            category=data["category"],
            priority=data["priority"],
            about=data["about"],
            letter=Letter(body=data["body"], attachments=data["attachments"], key=data["key"]),
        )


class RatingForm(forms.Form):
    """How the answer was."""

    rating = forms.TypedChoiceField(
        label="How did we answer?",
        coerce=int,
        choices=[(stars, f"{stars} star{'' if stars == 1 else 's'}") for stars in reversed(STARS)],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose from one to five stars.",
            "invalid_choice": "Choose from one to five stars.",
        },
    )
    text = forms.CharField(
        label="Anything to add?", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_text(self) -> str:
        return _plain(self.cleaned_data["text"])


class NoteForm(forms.Form):
    """A word among agents."""

    use_required_attribute = False

    body = forms.CharField(
        label="Note",
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something first."},
    )

    def clean_body(self) -> str:
        body = _plain(self.cleaned_data["body"])
        if not body:
            raise ValidationError("Write something first.", code="required")
        return body


class WeightForm(forms.Form):
    """How urgent a ticket is, and what kind of question."""

    priority = forms.ChoiceField(choices=SupportTicket.Priority.choices)
    category = forms.ChoiceField(choices=SupportTicket.Category.choices)
