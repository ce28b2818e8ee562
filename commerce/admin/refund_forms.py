"""The dialogs about refunds in the console."""

from decimal import Decimal

from django import forms
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from commerce.models import Refund


class _Outcome(forms.Form):
    """How much goes back; the part that a decision and a gift share."""

    ALL, PART, NOTHING = "all", "part", "nothing"

    def clean(self):
        data = super().clean()
        if data.get("outcome") == self.PART and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "Say how much.")
        return data

    def given(self, whole: Decimal) -> Decimal:
        match self.cleaned_data["outcome"]:
            case self.ALL:
                return whole
            case self.PART:
                return self.cleaned_data["amount"]
        return Decimal(0)


def _outcome(*choices):
    return forms.ChoiceField(label="What goes back", choices=choices, widget=UnfoldAdminSelectWidget)


def _amount():
    return forms.DecimalField(
        label="How much, with tax",
        help_text="For a part alone.",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )


def _text(label: str):
    return forms.CharField(label=label, max_length=Refund.TEXT_LENGTH, widget=UnfoldAdminTextareaWidget)


class DecideForm(_Outcome, BaseDialogForm):
    outcome = _outcome(
        (_Outcome.ALL, "All that is asked for"),
        (_Outcome.PART, "A part"),
        (_Outcome.NOTHING, "Nothing: decline"),
    )
    amount = _amount()
    text = _text("Why (buyer and seller read it)")


class GiveForm(_Outcome, BaseDialogForm):
    outcome = _outcome((_Outcome.ALL, "All that is left of it"), (_Outcome.PART, "A part"))
    amount = _amount()
    text = _text("Why (buyer and seller read it)")


class StopForm(BaseDialogForm):
    text = _text("Why (buyer and seller read it)")
