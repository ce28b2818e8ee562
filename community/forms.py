"""What people fill in about communities."""

import re

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from community.models import Community, JoinRequest
from community.models.community import MAX_RULES
from core.public_words import PublicWordsMixin

SHORTEST_NAME = 3
_RULE_LENGTH = 300
# What cannot be seen, or turns what follows around.
_INVISIBLE = re.compile(r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def one_line(text: str) -> str:
    """Without what cannot be seen, and with single spaces."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


class RulesField(forms.CharField):
    """One rule a line; cleans to a list."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            required=False,
            max_length=(MAX_RULES + 5) * _RULE_LENGTH,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=f"One rule a line, at most {MAX_RULES}.",
            **kwargs,
        )

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value) -> list[str]:
        lines = super().clean(value).replace("\r", "\n").split("\n")
        rules = [rule for rule in map(one_line, lines) if rule]
        if len(rules) > MAX_RULES:
            raise ValidationError(f"Write at most {MAX_RULES} rules.", code="too_many")
        if any(len(rule) > _RULE_LENGTH for rule in rules):
            raise ValidationError(f"Write at most {_RULE_LENGTH} characters in a rule.", code="too_long")
        return rules


class CommunityForm(PublicWordsMixin, forms.ModelForm):
    """What a community is; the cleaned data is what the actions take."""

    public_words = ("name", "description", "rules")
    rules = RulesField()

    class Meta:
        model = Community
        fields = ["name", "description", "category", "icon", "banner", "policy", "rules"]
        labels = {"category": "Subject", "policy": "Who comes in"}
        help_texts = {
            "name": "What people look for. It can be changed later.",
            "description": "Who it is for, and what they do there. Markdown works.",
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 6}),
            "icon": forms.RadioSelect,
            "banner": forms.RadioSelect,
            "policy": forms.RadioSelect,
        }
        error_messages = {"category": {"required": "Choose a subject."}}

    POLICIES = {
        "open": "Everybody reads. Whoever wants to write joins at once.",
        "approval": "Everybody reads. Whoever wants to write asks, and you let them in.",
        "private": "Nobody outside sees that it is there. You invite people by name.",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "Choose a subject"), *Community.Category.choices]

    @property
    def policy_tiles(self) -> list[dict]:
        """The ways in, as the template draws them."""
        return [
            {
                "value": value,
                "label": label,
                "text": self.POLICIES[value],
                "is_chosen": self["policy"].value() == value,
            }
            for value, label in Community.Policy.choices
        ]

    @property
    def icon_tiles(self) -> list[dict]:
        return self._tiles("icon", Community.Icon.choices)

    @property
    def banner_tiles(self) -> list[dict]:
        return self._tiles("banner", Community.Banner.choices)

    def _tiles(self, name: str, choices) -> list[dict]:
        chosen = self[name].value()
        return [{"value": value, "label": label, "is_chosen": value == chosen} for value, label in choices]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if len(name) < SHORTEST_NAME:
            raise ValidationError(f"Write at least {SHORTEST_NAME} letters.", code="too_short")
        if Community.objects.named(name).exclude(pk=self.instance.pk).exists():
            raise ValidationError("There is a community of this name.", code="taken")
        return name


class JoinForm(forms.ModelForm):
    class Meta:
        model = JoinRequest
        fields = ["message"]
        labels = {"message": "A word to the moderators"}
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}


class PersonField(forms.CharField):
    """A username, with or without its sign; cleans to somebody whose account is active."""

    default_error_messages = {"unknown": "There is nobody of this name."}

    def __init__(self, **kwargs) -> None:
        attrs = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(label="Username", max_length=41, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value) -> User:
        name = super().clean(value).removeprefix("@")
        found = User.objects.active().filter(username__iexact=name).first()
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found


class InviteForm(forms.Form):
    person = PersonField()


class BanForm(forms.Form):
    """Why; the person reads it, and the team does."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="They read it, and so does the team.",
    )


class BanSomebodyForm(BanForm):
    """Also of people who are not in it (any more)."""

    person = PersonField()
    field_order = ["person", "reason"]


class RemovalForm(forms.Form):
    """Why something is taken down; its author reads it."""

    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Its author reads this.",
    )
