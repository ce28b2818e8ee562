"""Cards that somebody has had kept, where a form asks how they want to pay."""

from django import forms
from django.utils.functional import cached_property

from commerce.gateways import is_offered, offer
from commerce.models import Payment, SavedPaymentMethod


def cards_of(payer) -> list[SavedPaymentMethod]:
    """Those that can be charged by who takes cards now; the default comes first."""
    if not is_offered(Payment.Method.CARD):
        return []
    mine = SavedPaymentMethod.objects.of_user(payer).usable()
    return list(mine.filter(provider=offer(Payment.Method.CARD).gateway.name).default_first())


class KeptCards:
    """For forms with a field `method`: the payer's kept cards are further choices of it, and a tick keeps another."""

    _payer = None

    @cached_property
    def cards(self) -> tuple[SavedPaymentMethod, ...]:
        """Looked for where somebody wants to see them, or pays with one."""
        return tuple(cards_of(self._payer)) if self._payer is not None else ()

    def offer_cards(self, payer) -> None:
        """Called once, when the form has its fields."""
        self._payer = payer
        method = self.fields["method"]
        offers = list(method.choices)
        method.choices = lambda: [*((card.form_value, card.label) for card in self.cards), *offers]
        if is_offered(Payment.Method.CARD) and offer(Payment.Method.CARD).gateway.keeps_cards:
            self.fields["save_method"] = forms.BooleanField(
                required=False,
                label="Keep this card for my next payments",
                help_text="The payment provider keeps it; we see its last four digits. You can remove it at any time.",
            )

    def how(self) -> dict:
        """What a valid form says, for `place_order`, `pay_again` and `try_again`."""
        said = self.cleaned_data.get("method", "")
        saved = None
        if said and not is_offered(said):
            saved = next(card for card in self.cards if card.form_value == said)
        return {
            "method": Payment.Method.CARD if saved else said,
            "saved": saved,
            "save_method": self.cleaned_data.get("save_method", False),
        }
