"""What somebody says who wants a plan."""

from decimal import Decimal

from django import forms

from commerce.countries import COUNTRIES
from commerce.forms import MethodChoice
from commerce.gateways import offered
from commerce.models import Order, Payment, Subscription

# More than any column holds: arithmetic with it fails.
_BOUND = Decimal(10**7)


class ShownField(forms.DecimalField):
    """The amount that the page showed, so that nobody pays another one."""

    def __init__(self):
        super().__init__(
            max_digits=9,
            decimal_places=2,
            min_value=0,
            max_value=_BOUND,
            widget=forms.HiddenInput,
            error_messages=dict.fromkeys(
                ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places"),
                "This page is out of date. Look at the amount and confirm again.",
            ),
        )


class CountryField(forms.ChoiceField):
    """Where somebody lives: it decides on the tax."""

    def __init__(self, **options):
        super().__init__(
            choices=[("", "Choose a country"), *COUNTRIES.items()],
            label="Country",
            widget=forms.Select(attrs={"autocomplete": "country", "data-autosubmit": ""}),
            error_messages={
                "required": "Choose the country you live in: the tax depends on it.",
                "invalid_choice": "Choose a country from the list.",
            },
            **options,
        )


class CountryForm(forms.Form):
    """Asked before the amount can be said."""

    country = CountryField()


class SubscribeForm(forms.Form):
    """The country is the one for which the page showed the amount."""

    country = forms.ChoiceField(choices=list(COUNTRIES.items()), widget=forms.HiddenInput)
    shown = ShownField()
    method = MethodChoice()


class TrialForm(forms.Form):
    country = forms.ChoiceField(choices=list(COUNTRIES.items()), widget=forms.HiddenInput)


class ChangeForm(forms.Form):
    shown = ShownField()


class PayForm(forms.Form):
    shown = ShownField()
    method = MethodChoice()


def preferred_method() -> str:
    """What is chosen until somebody chooses: a card, which renewals can be charged to; else what there is."""
    methods = [offer.method for offer in offered()]
    return Payment.Method.CARD if Payment.Method.CARD in methods else next(iter(methods), "")


def country_of(user) -> str:
    """Where the person said last that they live; empty where they never did."""
    last = Subscription.objects.of_user(user).exclude(country="").newest_first().first()
    if last is not None:
        return last.country
    order = Order.objects.of_buyer(user).exclude(billing_country="").newest_first().first()
    return order.billing_country if order is not None else ""
