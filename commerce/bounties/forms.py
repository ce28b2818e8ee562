"""What people fill in about bounties."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from commerce.actions.bounties.posting import Brief, check_budget, check_deadline
from commerce.exceptions import BountyRefused
from commerce.forms import CheckoutForm
from commerce.models import Bounty, BountyApplication
from core.public_words import PublicWordsMixin
from marketplace.models import Category, Model3D, ModelFile
from marketplace.pictures import gallery_webp

# Both figures and dates beyond what columns and calendars hold are refused before anything is computed with them.
MAX_TRIANGLES = 10**9


def end_of(day: date) -> datetime:
    """A deadline is the end of its day, by the clock that all see (UTC)."""
    return datetime.combine(day, time(23, 59), tzinfo=UTC)


class DeadlineField(forms.DateField):
    """A day; cleans to the moment at which it ends."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            label="Deadline",
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text="Work can be handed in until the end of this day (23:59 UTC).",
            error_messages={"required": "Choose a day.", "invalid": "Enter a day such as 2027-03-31."},
            **kwargs,
        )

    def prepare_value(self, value):
        """The day of the moment that is kept."""
        return value.astimezone(UTC).date() if isinstance(value, datetime) else value

    def clean(self, value) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        moment = end_of(day)
        _passes(check_deadline, moment)
        return moment


def _passes(check, value) -> None:
    try:
        check(value)
    except BountyRefused as error:
        raise ValidationError(error.message, code="refused") from error


class PicturesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures; cleans to WebPs that the site may serve."""

    def __init__(self, **kwargs) -> None:
        attrs = {"accept": "image/jpeg,image/png,image/webp", "multiple": True}
        super().__init__(widget=PicturesInput(attrs=attrs), required=False, **kwargs)

    def clean(self, data, initial=None) -> list:
        files = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file]
        if len(files) > Bounty.MAX_PICTURES:
            raise ValidationError(f"Choose at most {Bounty.MAX_PICTURES} pictures.", code="too_many")
        return [gallery_webp(super(PicturesField, self).clean(file, initial)) for file in files]


class BountyForm(PublicWordsMixin, forms.ModelForm):
    """The brief of a bounty; `brief()` is what the actions take, after a successful clean."""

    public_words = ("title", "description", "requirements")
    budget = forms.DecimalField(
        max_digits=12,
        decimal_places=2,
        error_messages={
            "invalid": "Enter an amount such as 250.00.",
            "max_decimal_places": "Use at most two decimals.",
        },
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )
    deadline = DeadlineField()
    wanted_formats = forms.MultipleChoiceField(
        label="Formats that have to be there",
        choices=ModelFile.Format.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    wants = forms.MultipleChoiceField(
        label="What else has to be there",
        choices=Bounty.Want.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    max_triangles = forms.IntegerField(
        label="At most so many triangles", required=False, min_value=1, max_value=MAX_TRIANGLES
    )
    pictures = PicturesField(
        label="Reference pictures",
        help_text=f"Up to {Bounty.MAX_PICTURES}, JPEG, PNG or WebP. Everybody sees them.",
    )

    class Meta:
        model = Bounty
        fields = ("title", "category", "description", "requirements", "budget", "deadline", "license")
        labels = {"description": "What do you want made?", "requirements": "Requirements"}
        help_texts = {
            "description": "What it is, what it is for, what it should look like. Plain words, or Markdown.",
            "requirements": "What work has to fulfil to win: style, size, level of detail, naming.",
            "license": "What you may do with the winning model. It stays its maker’s, who may offer it to others.",
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 9}),
            "requirements": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        category = self.fields["category"]
        category.queryset = Category.objects.enabled().in_order()
        category.empty_label = "Choose a category"
        budget = self.fields["budget"]
        budget.help_text = (
            f"{settings.CURRENCY}, from {settings.BOUNTY_MINIMUM:,} to {settings.BOUNTY_MAXIMUM:,}. You pay it now;"
            " we hold it until you choose a winner, and send it back if there is nothing to choose from."
        )
        budget.widget.attrs["min"] = str(settings.BOUNTY_MINIMUM)
        self.fields["wanted_formats"].initial = self.instance.wanted_formats
        self.fields["wants"].initial = self.instance.wants
        self.fields["max_triangles"].initial = self.instance.max_triangles

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not any(sign.isalnum() for sign in title):
            raise ValidationError("Use some letters or digits.", code="no_words")
        return title

    def clean_budget(self) -> Decimal:
        _passes(check_budget, self.cleaned_data["budget"])
        return self.cleaned_data["budget"]

    def brief(self) -> Brief:
        return Brief(**{name: self.cleaned_data[name] for name in Brief.__dataclass_fields__})


class DeadlineForm(forms.Form):
    deadline = DeadlineField()


class BountyPaymentForm(CheckoutForm):
    """Who pays the budget, for the papers, and how."""

    checkout_key = None
    shown = None

    def __init__(self, *args, bounty: Bounty, **kwargs) -> None:
        super().__init__(*args, total=bounty.budget, payer=bounty.creator, **kwargs)
        # No country changes what a bounty costs.
        for name in [name for name in self.fields["country"].widget.attrs if name.startswith("hx-")]:
            del self.fields["country"].widget.attrs[name]
        self.fields[
            "terms"
        ].label = "I accept the terms, and that the budget is held until I choose a winner."


class ApplicationForm(PublicWordsMixin, forms.ModelForm):
    """What somebody would make, with work that shows it."""

    public_words = ("message",)
    portfolio = forms.ModelMultipleChoiceField(
        queryset=Model3D.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Models of yours that show it",
    )

    class Meta:
        model = BountyApplication
        fields = ("message",)
        labels = {"message": "How would you make it?"}
        help_texts = {
            "message": "Your idea, your experience, when you could hand in. The price is the budget."
        }
        widgets = {"message": forms.Textarea(attrs={"rows": 5})}

    # Newest models that can be chosen from.
    OFFERED = 24

    def __init__(self, *args, applicant, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        newest = Model3D.objects.listed().filter(creator=applicant).newest_first()
        ids = list(newest.values_list("pk", flat=True)[: self.OFFERED])
        self.fields["portfolio"].queryset = Model3D.objects.filter(pk__in=ids).order_by("title", "pk")

    def clean_portfolio(self):
        chosen = self.cleaned_data["portfolio"]
        if len(chosen) > BountyApplication.MAX_PORTFOLIO:
            raise ValidationError(f"Choose at most {BountyApplication.MAX_PORTFOLIO}.", code="too_many")
        return chosen


class SubmissionForm(PublicWordsMixin, forms.Form):
    """One of the maker's own models, and a word to the poster."""

    public_words = ("note",)
    model = forms.IntegerField(
        min_value=1,
        max_value=2**62,
        error_messages={"required": "Choose a model.", "invalid": "Choose a model."},
    )
    note = forms.CharField(
        label="A word to the poster",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CancellationForm(PublicWordsMixin, forms.Form):
    public_words = ("reason",)
    reason = forms.CharField(
        label="Why?",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Those who applied read it.",
    )
