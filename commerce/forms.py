"""The checkout form and what comes with it."""

import json
import uuid
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commerce.actions.placing import Billing
from commerce.cards import KeptCards, cards_of
from commerce.cart import MAX_ITEMS
from commerce.countries import COUNTRIES
from commerce.coupons import Refusal, find, refusal
from commerce.gateways import is_offered, offered
from commerce.models import Certificate, Coupon, Order
from commerce.models.coupon import MAX_CODE
from commerce.quoting import Shown, quote

_lazy_html = lazy(format_html, SafeString)
# No column holds as much (12 digits, 2 of them decimals): arithmetic with more than that fails.
_PRICE_BOUND = 10**10
_ID_BOUND = 2**63
# Choosing a country shows what it costs there; without scripts a button beside it does.
_SHOWS_TAX = {
    "hx-post": reverse_lazy("commerce:checkout"),
    "hx-vals": '{"do": "country"}',
    "hx-trigger": "change",
    "hx-target": "#checkout-summary",
    "hx-swap": "outerHTML",
}
_OUT_OF_DATE = "This page is out of date. Go back to your cart and start again."
_SUMS = ("discount", "tax", "total")


def shown_text(shown: Shown) -> str:
    """What a checkout page shows, for its hidden field."""
    sums = {name: str(getattr(shown, name)) for name in _SUMS}
    return json.dumps({"prices": {str(pk): str(price) for pk, price in shown.prices.items()}, **sums})


def _amount(text: str) -> Decimal:
    """An amount that a column can hold.

    Raises:
        ValueError, TypeError, InvalidOperation: it is none.
    """
    amount = Decimal(text)
    if not amount.is_finite() or not 0 <= amount < _PRICE_BOUND:
        raise ValueError
    return amount


class CouponForm(forms.Form):
    """A coupon for `models`; every refusal is said beside its field."""

    coupon = forms.CharField(
        max_length=MAX_CODE,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": "Type the code of a coupon."},
    )

    def __init__(self, *args, user, models: list, **kwargs):
        # In the checkout's form it is one of many fields, and empty in most orders.
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self._user, self._models = user, models

    def clean_coupon(self) -> Coupon:
        code = self.cleaned_data["coupon"]
        coupon = find(code)
        why = refusal(coupon, self._user)
        if why is None and not quote(models=self._models, coupon=coupon).discount:
            why = Refusal.NOTHING
        if why is not None:
            raise ValidationError(why.sentence(code, coupon))
        return coupon


def _country_choices():
    """A function, since forms copy a list of choices each time that one is made."""
    return [("", "Choose a country"), *COUNTRIES.items()]


class CountryChoice(forms.ChoiceField):
    """One of 250 countries, which are not gone through to find one."""

    def valid_value(self, value) -> bool:
        return value in COUNTRIES


class MethodChoice(forms.ChoiceField):
    """One of the ways of paying that are offered."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "How do you want to pay?")
        kwargs.setdefault("widget", forms.RadioSelect)
        kwargs.setdefault(
            "error_messages", {"required": "Choose how to pay.", "invalid_choice": "Choose how to pay."}
        )
        super().__init__(choices=_method_choices, **kwargs)

    def valid_value(self, value) -> bool:
        return is_offered(value) or super().valid_value(value)


def _method_choices():
    return [(offer.method, offer.label) for offer in offered()]


class CheckoutForm(KeptCards, forms.Form):
    """Billing details, how to pay, and consent. `checkout_key` makes sending it twice harmless; `shown` is what the
    page showed, so that nobody pays a price they did not see. An order that costs nothing asks for no address and no
    payment method.
    """

    checkout_key = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=100 * (MAX_ITEMS + 1))
    name = forms.CharField(
        max_length=120, label="Full name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        max_length=254,
        label="E-mail for the receipt",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    country = CountryChoice(
        choices=_country_choices,
        widget=forms.Select(attrs={"autocomplete": "country", **_SHOWS_TAX}),
        error_messages={"invalid_choice": "Choose a country from the list."},
    )
    company = forms.CharField(
        max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    address = forms.CharField(
        max_length=300, required=False, widget=forms.TextInput(attrs={"autocomplete": "address-line1"})
    )
    postcode = forms.CharField(
        max_length=20, required=False, widget=forms.TextInput(attrs={"autocomplete": "postal-code"})
    )
    city = forms.CharField(
        max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    method = MethodChoice()
    terms = forms.BooleanField(
        # Ticked while the sums are on their way, it stays ticked.
        widget=forms.CheckboxInput(attrs={"hx-preserve": "true"}),
        label="I accept the terms and the licences of these models.",
        help_text=_lazy_html(
            'Read the <a class="link" href="{}">terms</a> and the <a class="link" href="{}">licences</a>.',
            reverse_lazy("terms"),
            reverse_lazy("licences"),
        ),
        error_messages={"required": "Accept the terms to go on."},
    )

    # Where there is no licence to read.
    TERMS_ALONE = _lazy_html('Read the <a class="link" href="{}">terms</a>.', reverse_lazy("terms"))

    def __init__(self, *args, total: Decimal | None, payer=None, **kwargs):
        """`total` is None where it is not known yet: it is taken for something."""
        super().__init__(*args, **kwargs)
        if total != 0 and payer is not None:
            self.offer_cards(payer)
        if total == 0:
            for name in ("country", "company", "address", "postcode", "city", "method"):
                del self.fields[name]

    @classmethod
    def initial_for(cls, user) -> dict:
        """The last order's details; at the first, what the account knows. The key is new."""
        last = Order.objects.of_buyer(user).exclude(billing_country="").newest_first().first()
        details = {"name": user.full_name, "email": user.email}
        if last is not None:
            names = ("name", "email", "country", "company", "address", "postcode", "city")
            details = {name: getattr(last, f"billing_{name}") for name in names}
        ways = [card.form_value for card in cards_of(user)] + [offer.method for offer in offered()]
        return {**details, "checkout_key": uuid.uuid4(), "method": ways[0] if ways else ""}

    def clean_shown(self) -> Shown:
        try:
            said = json.loads(self.cleaned_data["shown"])
            prices = {int(pk): _amount(price) for pk, price in said["prices"].items()}
            shown = Shown(prices, **{name: _amount(said[name]) for name in _SUMS})
        except (ValueError, AttributeError, KeyError, TypeError, InvalidOperation, RecursionError) as error:
            raise ValidationError(_OUT_OF_DATE) from error
        if not prices or len(prices) > MAX_ITEMS or any(abs(pk) >= _ID_BOUND for pk in prices):
            raise ValidationError(_OUT_OF_DATE)
        return shown

    def billing(self) -> Billing:
        names = ("name", "email", "country", "company", "address", "city", "postcode")
        return Billing(**{name: self.cleaned_data.get(name, "") for name in names})


class PayAgainForm(KeptCards, forms.Form):
    """How to pay what a first payment failed for."""

    method = MethodChoice()

    def __init__(self, *args, payer, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_cards(payer)


class CertificateForm(forms.ModelForm):
    """Whom a certificate names, and what of that its public page says."""

    class Meta:
        model = Certificate
        fields = ["holder", "shows_holder", "shows_order"]
        labels = {
            "holder": "Licensed to",
            "shows_holder": "Show the name on the public page",
            "shows_order": "Show the order number on the public page",
        }
        help_texts = {"holder": "A person or a company, as it is to stand on the certificate."}
        widgets = {"holder": forms.TextInput(attrs={"autocomplete": "organization"})}
