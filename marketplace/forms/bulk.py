"""What a creator says about a change of several models: which deed, and by how much or with which words."""

from decimal import Decimal

from django import forms
from django.conf import settings

from core.public_words import PublicWordsMixin
from marketplace.bulk import (
    ChangePrice,
    ChangeTags,
    Deed,
    Delete,
    Publish,
    Purge,
    Restore,
    Retry,
    Unpublish,
)
from marketplace.forms.tags import TagsField


class PlainForm(forms.Form):
    """A deed about which nothing more is to be said."""

    kind: type[Deed]

    def deed(self) -> Deed:
        return self.kind()


class PriceForm(forms.Form):
    """By a percentage, or to an amount."""

    LOWER, RAISE, FIXED, FREE = "lower", "raise", "fixed", "free"
    kind = ChangePrice

    how = forms.ChoiceField(
        label="How",
        choices=[
            (LOWER, "Lower by a percentage"),
            (RAISE, "Raise by a percentage"),
            (FIXED, "Set to an amount"),
            (FREE, "Give away for free"),
        ],
        initial=LOWER,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how.", "invalid_choice": "Choose how."},
    )
    amount = forms.DecimalField(
        label="Percentage or amount",
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text="A number such as 10 or 24.00; not needed for free.",
        error_messages={"invalid": "Enter a number such as 10 or 24.00."},
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "min": "0"}),
    )

    def clean(self) -> dict:
        data = super().clean()
        how, amount = data.get("how"), data.get("amount")
        if how in (None, self.FREE) or "amount" in self.errors:
            return data
        if amount is None:
            self.add_error("amount", forms.ValidationError("Enter a number.", code="required"))
        elif how == self.LOWER and not 0 < amount < 100:
            self.add_error("amount", forms.ValidationError("Between 0 and 100 percent.", code="percent"))
        elif how == self.RAISE and not 0 < amount <= 1000:
            self.add_error("amount", forms.ValidationError("Between 0 and 1000 percent.", code="percent"))
        elif how == self.FIXED and not settings.MIN_PRICE <= amount <= settings.MAX_PRICE:
            message = f"From {settings.MIN_PRICE} to {settings.MAX_PRICE:,}; choose free to give models away."
            self.add_error("amount", forms.ValidationError(message, code="bounds"))
        return data

    def deed(self) -> Deed:
        how, amount = self.cleaned_data["how"], self.cleaned_data.get("amount")
        if how == self.FREE:
            return ChangePrice(amount=Decimal("0.00"))
        if how == self.FIXED:
            return ChangePrice(amount=amount)
        percent = -amount if how == self.LOWER else amount
        return ChangePrice(factor=1 + percent / 100)


class TagsForm(PublicWordsMixin, forms.Form):
    """Tags to add, or to take away."""

    ADD, REMOVE = "add", "remove"
    kind = ChangeTags

    how = forms.ChoiceField(
        label="How",
        choices=[(ADD, "Add"), (REMOVE, "Take away")],
        initial=ADD,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how.", "invalid_choice": "Choose how."},
    )
    tags = TagsField(
        help_text="With commas between them.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "placeholder": "chair, oak"}),
        error_messages={"required": "Enter at least one tag."},
    )

    def clean(self) -> dict:
        # What moderators do not let in (any more) can be taken away.
        self.public_words = () if self.cleaned_data.get("how") == self.REMOVE else ("tags",)
        return super().clean()

    def deed(self) -> Deed:
        remove = self.cleaned_data["how"] == self.REMOVE
        return ChangeTags(names=tuple(self.cleaned_data["tags"]), remove=remove)


def _plain(kind: type[Deed]) -> type[PlainForm]:
    return type(f"{kind.__name__}Form", (PlainForm,), {"kind": kind})


# By the value of `do`.
FORMS: dict[str, type[forms.Form]] = {
    "publish": _plain(Publish),
    "unpublish": _plain(Unpublish),
    "price": PriceForm,
    "tags": TagsForm,
    "retry": _plain(Retry),
    "delete": _plain(Delete),
    "restore": _plain(Restore),
    "purge": _plain(Purge),
}
