"""What people write about decisions and claims, and what moderators decide with."""

import re
from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions.standing import LONGEST_SUSPENSION
from marketplace.models import Model3D
from support.models import ModerationDecision
from support.models.safety.claim import LONGEST

_ADDRESS = re.compile(r"(?:https?://[^/\s]+)?/?(?:model|view)/([0-9]{1,18})(?:[/?#].*)?|([0-9]{1,18})")
_TEXT = {"min_length": 20, "max_length": LONGEST}


class ModelField(forms.CharField):
    """The address of a model on this site, or its number; cleans to the model, of those that `user` may see."""

    user = None

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = _ADDRESS.fullmatch(text)
        model = found and self._visible().filter(pk=found[1] or found[2]).select_related("creator").first()
        if not model:
            raise ValidationError("There is no such model here. Copy the address of its page.")
        return model

    def _visible(self):
        return Model3D.objects.visible_to(self.user) if self.user else Model3D.objects.open_to_all()


class ClaimForm(forms.Form):
    """A claim to somebody's own work; `website` is a trap that only programs fill in."""

    model = ModelField(
        label="The model that copies it",
        max_length=300,
        help_text="The address of its page here.",
    )
    name = forms.CharField(
        label="Your full name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="We send a link to it that you follow before we look at the claim.",
    )
    address = forms.CharField(
        label="Your postal address",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        help_text="The moderators read it, and nobody else.",
    )
    on_behalf_of = forms.CharField(
        label="Rights holder, if it is not you",
        max_length=160,
        required=False,
        help_text="For whom you act, and that you may.",
    )
    work = forms.CharField(
        label="Your work",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What it is, and since when it exists.",
        **_TEXT,
    )
    work_url = forms.URLField(
        label="Where it can be seen", max_length=500, required=False, assume_scheme="https"
    )
    own_model = ModelField(
        label="Your own model on this site",
        max_length=300,
        required=False,
        help_text="If the work is one: then we compare the shapes, and both of you see the result.",
    )
    explanation = forms.CharField(
        label="What is copied",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="As exactly as you can.",
        **_TEXT,
    )
    is_believed = forms.BooleanField(
        label="I believe in good faith that neither I nor the law allows this use."
    )
    is_accurate = forms.BooleanField(
        label="What I say here is accurate. I know that I answer for it if I say so against better knowledge."
    )
    signature = forms.CharField(
        label="Signature", max_length=120, help_text="Your full name once more, as you wrote it above."
    )
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user if user.is_authenticated else None
        for name in ("model", "own_model"):
            self.fields[name].user = self.user
        if self.user is not None and self.user.email:
            # Where mails reach them is known; an account made by an operator may have no address.
            del self.fields["email"]

    def clean_own_model(self):
        own = self.cleaned_data["own_model"]
        if own is not None and own == self.cleaned_data.get("model"):
            raise ValidationError("This is the model that you claim to be a copy.")
        return own

    def clean(self):
        data = super().clean()
        name, signature = data.get("name", ""), data.get("signature", "")
        if name and signature and _folded(name) != _folded(signature):
            self.add_error("signature", "Sign with the name that you wrote above.")
        return data

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled in what no person sees."""
        return bool(self.cleaned_data["website"])

    @property
    def said(self) -> dict:
        """What the claim keeps of it."""
        names = ("name", "address", "on_behalf_of", "work", "work_url", "explanation", "signature")
        email = self.cleaned_data["email"] if "email" in self.fields else self.user.email
        return {name: self.cleaned_data[name] for name in names} | {"email": email}


class AnswerForm(forms.Form):
    """The creator's answer to a claim."""

    answer = forms.CharField(
        label="Your answer",
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="How the model came about, or why you may use the work. The claimant reads it.",
        **_TEXT,
    )
    is_accurate = forms.BooleanField(
        label="What I say here is accurate. I know that I answer for it if I say so against better knowledge."
    )
    signature = forms.CharField(label="Signature", max_length=120, help_text="Your full name.")


class AppealForm(forms.Form):
    """What somebody has against a decision."""

    text = forms.CharField(
        label="What was overlooked, or what have you changed?",
        min_length=20,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class DecisionForm(forms.Form):
    """What a moderator decides about one thing: only what can be decided about it. `seen` is the newest decision that
    the page showed them.
    """

    measure = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        choices=[("", "Choose a reason"), *ModerationDecision.Reason.choices], required=False
    )
    note = forms.CharField(
        label="Note to the owner",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What is wrong, and what to do about it. The owner reads it as written.",
    )
    evidence = forms.CharField(
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it rests on: quote, compare, name sources. The owner reads it too.",
    )

    until = forms.DateField(
        label="Suspended until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Of a suspension: the day on which it ends by itself, at 0:00 UTC. Empty: when somebody lifts it.",
    )
    seen = forms.IntegerField(required=False)

    def __init__(self, *args, measures, **options):
        super().__init__(*args, **options)
        today = timezone.localdate()
        self._first, self._last = today + timedelta(days=1), today + LONGEST_SUSPENSION
        if ModerationDecision.Measure.SUSPEND in measures:
            bounds = {"min": self._first.isoformat(), "max": self._last.isoformat()}
            self.fields["until"].widget.attrs.update(bounds)
        else:
            del self.fields["until"]
        labels = dict(ModerationDecision.Measure.choices)
        self.fields["measure"].choices = [(measure, labels[measure]) for measure in measures]

    def clean_until(self):
        """The beginning of the day."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if not self._first <= day <= self._last:
            raise ValidationError(f"Choose a day from {self._first:%-d %B %Y} to {self._last:%-d %B %Y}.")
        return timezone.make_aware(datetime.combine(day, time()))

    def clean(self):
        data = super().clean()
        if data.get("until") and data.get("measure") not in (None, ModerationDecision.Measure.SUSPEND):
            self.add_error("until", "Only a suspension has an end.")
        if data.get("measure") not in (None, ModerationDecision.Measure.DISMISS):
            for name, message in (("reason", "Choose a reason."), ("note", "Say why: the owner reads it.")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return data


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
