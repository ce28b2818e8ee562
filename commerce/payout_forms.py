"""The forms about payouts: where they go to, and how much."""

from decimal import Decimal

from django import forms
from django.conf import settings

from commerce.banking import compact, is_bic, is_iban, is_us_routing_number
from commerce.countries import COUNTRIES
from commerce.models import PayoutDetails

Method = PayoutDetails.Method
# What each way of paying asks for; of these the optional ones may stay empty.
FIELDS = {
    Method.IBAN: ("iban", "bic"),
    Method.ACCOUNT: ("account_number", "routing_number", "bic"),
    Method.PAYPAL: ("paypal_email",),
}
_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}


class CompactField(forms.CharField):
    """A number of a bank, without the gaps that people write into it. Whether it is needed, the chosen method says."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs=_PLAIN), **kwargs)

    def validate(self, value):
        """Nothing is said of an empty one here: it may be another method's."""

    def to_python(self, value):
        return compact(super().to_python(value))


class AddressField(forms.EmailField):
    """The same for an e-mail address."""

    def validate(self, value):
        """See CompactField."""


class PayoutDetailsForm(forms.Form):
    """Holder, country, and what the chosen method needs. What another method asks for is thrown away."""

    # Browsers would ask for all of them, whatever the method is.
    use_required_attribute = False

    method = forms.ChoiceField(
        label="How do you want to be paid?",
        choices=Method.choices,
        initial=Method.IBAN,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you want to be paid."},
    )
    holder = forms.CharField(
        label="Name of the account’s holder",
        max_length=120,
        help_text="As your bank or PayPal writes it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    country = forms.ChoiceField(
        label="Country of the holder",
        choices=[("", "Choose a country"), *COUNTRIES.items()],
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": "Choose a country from the list."},
    )
    iban = CompactField(label="IBAN", max_length=42)
    account_number = CompactField(label="Account number", max_length=40)
    routing_number = CompactField(
        label="Routing number",
        max_length=20,
        help_text="Nine digits in the USA; elsewhere sort code, BSB, IFSC or what your bank calls it.",
    )
    bic = CompactField(
        label="BIC (SWIFT code)",
        max_length=14,
        required=False,
        help_text="Outside the USA needed where there is no IBAN.",
    )
    paypal_email = AddressField(
        label="E-mail address at PayPal",
        max_length=120,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_holder(self) -> str:
        return " ".join(self.cleaned_data["holder"].split())

    def clean(self):
        check = {
            Method.IBAN: self._check_iban,
            Method.ACCOUNT: self._check_account,
            Method.PAYPAL: self._check_paypal,
        }.get(self.cleaned_data.get("method"))
        if check:
            check()
        return self.cleaned_data

    def _check_iban(self) -> None:
        iban = self.cleaned_data.get("iban", "")
        if not iban:
            self._say("iban", "Enter your IBAN.")
        elif not is_iban(iban):
            self._say("iban", "This is no IBAN: a digit or letter is wrong, missing or too much.")
        self._check_bic(required=False)

    def _check_account(self) -> None:
        number, routing = (self.cleaned_data.get(name, "") for name in ("account_number", "routing_number"))
        is_american = self.cleaned_data.get("country") == "US"
        if not (4 <= len(number) <= 34 and number.isascii() and number.isalnum()):
            self._say("account_number", "Enter your account number: 4 to 34 digits or letters.")
        if is_american and not is_us_routing_number(routing):
            self._say("routing_number", "This is no American routing number: a digit is wrong or missing.")
        elif not (3 <= len(routing) <= 15 and routing.isascii() and routing.isalnum()):
            self._say("routing_number", "Enter the code of your bank: 3 to 15 digits or letters.")
        self._check_bic(required=not is_american)

    def _check_paypal(self) -> None:
        if not self.cleaned_data.get("paypal_email"):
            self._say("paypal_email", "Enter the address of your PayPal account.")

    def _check_bic(self, *, required: bool) -> None:
        bic = self.cleaned_data.get("bic", "")
        if bic and not is_bic(bic):
            self._say("bic", "A BIC has 8 or 11 letters and digits, such as DEUTDEFF.")
        elif required and not bic:
            self._say("bic", "Enter the BIC of your bank.")

    def _say(self, field: str, sentence: str) -> None:
        if field not in self.errors:
            self.add_error(field, sentence)

    def values(self) -> dict[str, str]:
        """What is kept sealed."""
        names = FIELDS[self.cleaned_data["method"]]
        given = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}
        return {"holder": self.cleaned_data["holder"], **given}


class PayoutForm(forms.Form):
    """How much to pay out; all that is available unless less is asked for."""

    amount = forms.DecimalField(
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
        error_messages={"min_value": "A payout is more than nothing."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = f"Amount ({settings.CURRENCY})"
