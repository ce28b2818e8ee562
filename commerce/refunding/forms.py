"""What buyers ask with, and sellers answer with."""

from decimal import Decimal

from django import forms

from commerce.models import Refund
from commerce.money import round_money
from commerce.refunding.facts import Fact
from commerce.refunding.rules import Case, Route
from core.templatetags.core_tags import money_text

_TEXT = forms.Textarea(attrs={"rows": 4, "maxlength": Refund.TEXT_LENGTH})
# No column holds as much: arithmetic with more than that fails.
_BOUND = Decimal(10) ** 10


class _TextField(forms.CharField):
    def __init__(self, **kwargs):
        super().__init__(max_length=Refund.TEXT_LENGTH, widget=_TEXT, **kwargs)


class RefundForm(forms.Form):
    """Each reason says what will happen if it is given: at once, or who is asked."""

    reason = forms.ChoiceField(
        label="Why do you want your money back?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason.", "invalid_choice": "Choose one of the reasons."},
    )
    text = _TextField(
        label="What is wrong?",
        required=False,
        help_text="The seller and our support read it; nobody else does.",
    )

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        self._case = case
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in Refund.BUYERS_REASONS]

    @property
    def facts(self) -> list[Fact]:
        """What was found, also before anything is asked."""
        return self._case.facts

    @property
    def is_all_at_once(self) -> bool:
        return self._case.is_never_downloaded

    def tiles(self) -> list[dict]:
        """The reasons with what follows from each."""
        return [
            {
                "value": reason.value,
                "label": reason.label,
                "is_chosen": self["reason"].value() == reason.value,
                "is_at_once": self._case.assess(reason).route == Route.AT_ONCE,
                "outcome": _OUTCOMES[self._case.assess(reason).route],
            }
            for reason in Refund.BUYERS_REASONS
        ]

    def clean(self):
        data = super().clean()
        reason = data.get("reason")
        is_asked = reason and self._case.assess(reason).route != Route.AT_ONCE
        if is_asked and not data.get("text", "").strip() and "text" not in self.errors:
            self.add_error("text", "Say what is wrong: whoever decides knows nothing else.")
        return data


_OUTCOMES = {
    Route.AT_ONCE: "Refunded at once",
    Route.SELLER: "The seller is asked first",
    Route.SUPPORT: "Our support decides",
}


class AnswerForm(forms.Form):
    """The seller's answer; a part needs an amount, a refusal a reason."""

    answer = forms.ChoiceField(
        label="Your answer",
        widget=forms.RadioSelect,
        choices=[
            (Refund.Answer.ACCEPTED.value, "Give everything back"),
            (Refund.Answer.PARTLY.value, "Give a part back"),
            (Refund.Answer.REFUSED.value, "Refuse"),
        ],
        error_messages={"required": "Choose an answer.", "invalid_choice": "Choose one of the answers."},
    )
    amount = forms.DecimalField(
        label="How much the buyer gets back", required=False, max_digits=12, decimal_places=2
    )
    text = _TextField(
        label="What do you say to it?",
        required=False,
        help_text="The buyer reads it, and our support where it has to decide.",
    )

    def __init__(self, *args, refund: Refund, **kwargs):
        super().__init__(*args, **kwargs)
        self._refund = refund
        self.fields[
            "amount"
        ].help_text = f"With a part: less than {money_text(refund.gross)}. The model stays with the buyer."

    def clean_amount(self) -> Decimal | None:
        amount = self.cleaned_data["amount"]
        if amount is None or self.data.get("answer") != Refund.Answer.PARTLY:
            return None
        if not 0 < amount < min(self._refund.gross, _BOUND):
            raise forms.ValidationError(f"Between a cent and less than {money_text(self._refund.gross)}.")
        if amount != round_money(amount, self._refund.currency):
            raise forms.ValidationError("This currency has no such fractions.")
        return amount

    def clean(self):
        data = super().clean()
        answer = data.get("answer")
        if answer == Refund.Answer.PARTLY and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "Say how much.")
        if answer == Refund.Answer.REFUSED and not data.get("text", "").strip() and "text" not in self.errors:
            self.add_error("text", "Say why you refuse.")
        return data

    @property
    def given(self) -> Decimal:
        """What goes back by the answer."""
        match self.cleaned_data["answer"]:
            case Refund.Answer.ACCEPTED:
                return self._refund.gross
            case Refund.Answer.PARTLY:
                return self.cleaned_data["amount"]
        return Decimal(0)
