"""Forms about people. (Sign-in forms are django-allauth's; `SignupDetailsForm` adds our fields to its sign-up.)"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy

from accounts.avatars import banner_webp, square_webp
from accounts.models import Report, User, UserProfile
from core.public_words import PublicWordsMixin

MAX_TAGS = 20
MAX_TAG_LENGTH = 40


class SignupDetailsForm(PublicWordsMixin, forms.Form):
    """What sign-up asks besides address, name and password; also shown when the account comes from a provider."""

    public_words = ("username", "full_name")
    field_order = ("user_type", "email", "username", "full_name", "password1", "password2", "terms", "news")

    user_type = forms.ChoiceField(
        label="What brings you here?",
        choices=[
            (User.UserType.BUYER, "I want to find and buy models"),
            (User.UserType.CREATOR, "I want to publish and sell models"),
        ],
        initial=User.UserType.BUYER,
        widget=forms.RadioSelect,
        help_text="A buyer can become a creator later in one step.",
    )
    full_name = forms.CharField(
        label="Full name",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    terms = forms.BooleanField(
        label="I accept the terms and the privacy policy",
        error_messages={"required": "Please accept the terms to create an account."},
    )

    news = forms.BooleanField(
        label="Send me news by e-mail now and then",
        required=False,
        help_text="One press in any of them ends it.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["terms"].help_text = format_html(
            'Read the <a class="link" href="{}">terms</a> and the <a class="link" href="{}">privacy policy</a>.',
            reverse("terms"),
            reverse("privacy"),
        )

    def signup(self, request, user):
        """allauth asks for this method; the adapter's `save_user` has already stored our fields."""


class TagListField(forms.CharField):
    """Short words separated by commas, kept as a list without repetitions."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", format_lazy("Separated by commas, at most {}.", MAX_TAGS))
        super().__init__(max_length=MAX_TAGS * (MAX_TAG_LENGTH + 2), required=False, **kwargs)

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        words = [" ".join(word.split()) for word in super().to_python(value).split(",")]
        first = {}
        for word in filter(None, words):
            first.setdefault(word.lower(), word)
        return list(first.values())

    def validate(self, value):
        if len(value) > MAX_TAGS:
            raise ValidationError(f"Give at most {MAX_TAGS}.", code="too_many")
        for word in value:
            if len(word) > MAX_TAG_LENGTH:
                raise ValidationError(
                    f"“{word[:20]}…” has more than {MAX_TAG_LENGTH} characters.", code="too_long"
                )

    def run_validators(self, value):
        """Length was checked by word; the text validators of CharField do not know lists."""

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class SocialNameField(forms.CharField):
    """A person's name at another service: the bare name, though "@name" and the profile's address are understood."""

    def __init__(self, *, hosts: tuple[str, ...], longest: int, **kwargs):
        self.address = re.compile(
            rf"^(?:https?://)?(?:www\.)?(?:{'|'.join(map(re.escape, hosts))})/", re.IGNORECASE
        )
        self.name = re.compile(rf"[A-Za-z0-9_.]{{1,{longest}}}", re.ASCII)
        super().__init__(max_length=200, required=False, **kwargs)

    def to_python(self, value):
        value = self.address.sub("", super().to_python(value))
        return value.partition("?")[0].strip("/").removeprefix("@")

    def validate(self, value):
        super().validate(value)
        if value and not self.name.fullmatch(value):
            raise ValidationError(
                "Give the name only: letters, digits, underscores and dots.", code="invalid"
            )


class PersonForm(PublicWordsMixin, forms.ModelForm):
    """The part of the profile that is stored with the account."""

    public_words = ("full_name", "bio")

    class Meta:
        model = User
        fields = ["full_name", "bio"]
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "bio": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {"bio": "A few sentences about you and your work. At most 2,000 characters."}


class ProfileForm(PublicWordsMixin, forms.ModelForm):
    """Where somebody is and where else they are found."""

    public_words = (
        *("country", "city", "website", "portfolio_url", "twitter", "instagram", "skills", "software"),
    )

    website = forms.URLField(required=False, assume_scheme="https", max_length=200)
    portfolio_url = forms.URLField(label="Portfolio", required=False, assume_scheme="https", max_length=200)
    twitter = SocialNameField(label="X (Twitter)", hosts=("x.com", "twitter.com"), longest=15)
    instagram = SocialNameField(label="Instagram", hosts=("instagram.com",), longest=30)
    skills = TagListField()
    software = TagListField()

    class Meta:
        model = UserProfile
        fields = ["country", "city", "website", "portfolio_url", "twitter", "instagram", "skills", "software"]
        widgets = {
            "country": forms.TextInput(attrs={"autocomplete": "country-name"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
        }

    def clean_website(self):
        return _web_address(self.cleaned_data["website"])

    def clean_portfolio_url(self):
        return _web_address(self.cleaned_data["portfolio_url"])


class AvatarForm(forms.Form):
    """A picture of any of three formats; `cleaned_data["avatar"]` is the re-encoded square, ready to store."""

    avatar = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG or WebP, at most 5 MB. It is cut to a square.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": "Choose a picture first.", "empty": "This file is empty."},
    )

    def clean_avatar(self):
        return square_webp(self.cleaned_data["avatar"])


def _web_address(value: str) -> str:
    """Only the web: no ftp, and nothing that a browser would run."""
    if value and not value.lower().startswith(("http://", "https://")):
        raise ValidationError("Give an address that starts with https:// or http://.", code="invalid")
    return value


class MatureContentForm(forms.ModelForm):
    """What becomes of mature models in lists."""

    class Meta:
        model = User
        fields = ["mature_content"]
        labels = {"mature_content": "Models marked as mature"}
        help_texts = {"mature_content": ""}
        widgets = {"mature_content": forms.RadioSelect}


class PrivacyForm(forms.ModelForm):
    """What others see of somebody."""

    class Meta:
        model = UserProfile
        fields = ["is_indexed", "shows_location", "shows_likes"]
        labels = {
            "is_indexed": "Search engines may list my pages",
            "shows_location": "My profile shows my city and country",
            "shows_likes": "My profile shows what I like",
        }
        help_texts = {"is_indexed": "Your profile, your collections and the pages of your models."}


class BannerForm(forms.Form):
    """A wide picture, checked and re-encoded: `cleaned_data["banner"]` is the WebP to store."""

    banner = forms.FileField(
        label="Banner",
        help_text="JPEG, PNG or WebP of at most 5 MB, best 1600 by 400 pixels. Its middle is kept.",
        error_messages={"required": "Choose a picture first."},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_banner(self):
        return banner_webp(self.cleaned_data["banner"])


class ReportForm(forms.Form):
    """Why somebody reports something."""

    reason = forms.ChoiceField(
        label="What is wrong with it?",
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong."},
    )
    note = forms.CharField(
        label="Tell us more",
        required=False,
        max_length=2000,
        help_text="Where the original is, for instance. Only the moderators read it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeletionForm(forms.Form):
    """Somebody says that they mean their own account."""

    username = forms.CharField(
        label="Your username",
        help_text="Type it to confirm that you mean this account.",
        error_messages={"required": "Type your username."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_username(self):
        if self.cleaned_data["username"].lower() != self.user.username.lower():
            raise ValidationError(f"This is not your username, which is {self.user.username}.", code="other")
        return self.user.username
