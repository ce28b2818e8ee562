"""What a creator tells about a model."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.db.models import Q

from accounts.writing import refusal
from marketplace.forms.tags import MAX_TAGS, TagsField
from marketplace.models import Category, Model3D


class Pricing:
    FREE = "free"
    PAID = "paid"
    CHOICES = ((FREE, "Free"), (PAID, "For sale"))


class ModelForm(forms.ModelForm):
    """Details of a model. A draft may be saved with little more than a title; what is in review or live stays whole."""

    pricing = forms.ChoiceField(choices=Pricing.CHOICES, widget=forms.RadioSelect)
    tags = TagsField(
        required=False,
        help_text=f"Up to {MAX_TAGS} words people search by, with commas between them.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "placeholder": "chair, oak, mid-century"}),
    )

    class Meta:
        model = Model3D
        fields = (
            "title",
            "description",
            "category",
            "tags",
            "price",
            "license",
            "ai_training_allowed",
            "is_mature",
            "preview_mode",
            "visibility",
            "is_published",
        )
        labels = {
            "ai_training_allowed": "May be used to train AI",
            "is_mature": "Mature content (nudity, gore)",
            "is_published": "Shown on the marketplace",
            "preview_mode": "What the public sees",
        }
        help_texts = {
            "description": "What it is, what it is good for, what is in the file. Plain words, or Markdown: **bold**,"
            " *italic*, lists with - and [links](https://…).",
            "is_published": "Your own switch: untick it to take the model off the marketplace for a while.",
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 9}),
            "license": forms.Select,
            "preview_mode": forms.RadioSelect,
            "visibility": forms.RadioSelect,
        }

    def __init__(self, *args, instance: Model3D, **kwargs) -> None:
        initial = {
            "pricing": Pricing.PAID if instance.is_paid else Pricing.FREE,
            "tags": list(instance.tags.order_by("name").values_list("name", flat=True)),
            "price": instance.price if instance.is_paid else None,
            **kwargs.pop("initial", {}),
        }
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        # Asked for by name, also of a draft; only what is in review or live must not go without.
        unfinished = instance.status in (Model3D.Status.DRAFT, Model3D.Status.REJECTED)
        # A price is missed by `clean`, where the model is for sale.
        self._may_lack = ("price", "description", "category") if unfinished else ("price",)
        category = self.fields["category"]
        category.queryset = Category.objects.filter(Q(enabled=True) | Q(pk=instance.category_id)).in_order()
        category.empty_label = "Choose a category"
        self.fields["price"] = self._price_field()
        for name in ("description", "category"):
            self.fields[name].required = True

    def full_clean(self) -> None:
        for name in self._may_lack:
            self.fields[name].required = False
        super().full_clean()
        for name in self._may_lack:
            self.fields[name].required = True

    @staticmethod
    def _price_field() -> forms.DecimalField:
        return forms.DecimalField(
            max_digits=12,
            decimal_places=2,
            max_value=settings.MAX_PRICE,
            error_messages={
                "invalid": "Enter an amount such as 24.00.",
                "max_value": "The highest price is %(limit_value)s.",
                "max_decimal_places": "Use at most two decimals.",
            },
            help_text=f"{settings.CURRENCY}, from {settings.MIN_PRICE} to {settings.MAX_PRICE:,}."
            f" We keep {settings.PLATFORM_FEE_PERCENT} % of each sale.",
            widget=forms.NumberInput(
                attrs={"inputmode": "decimal", "step": "0.01", "min": str(settings.MIN_PRICE)}
            ),
        )

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not any(sign.isalnum() for sign in title):
            raise forms.ValidationError("Use some letters or digits.", code="no_words")
        self._taken(title)
        return title

    def clean_description(self) -> str:
        self._taken(self.cleaned_data["description"])
        return self.cleaned_data["description"]

    def clean_tags(self) -> list[str]:
        self._taken(*self.cleaned_data["tags"])
        return self.cleaned_data["tags"]

    def _taken(self, *texts: str) -> None:
        if why := refusal(self.instance.creator, *texts):
            raise forms.ValidationError(why, code="filtered")

    def clean(self) -> dict:
        data = super().clean()
        if data.get("pricing") == Pricing.FREE:
            self._errors.pop("price", None)
            data["price"] = Decimal("0.00")
        elif "price" not in self.errors:
            price = data.get("price")
            if price is None:
                self.add_error(
                    "price", forms.ValidationError("Enter a price, or choose Free.", code="required")
                )
            elif price < settings.MIN_PRICE:
                message = f"The lowest price is {settings.MIN_PRICE}. Choose Free to give the model away."
                self.add_error("price", forms.ValidationError(message, code="min_value"))
        return data

    def changes(self) -> dict:
        """What `actions.publishing.edit_model` takes, after a successful clean."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
