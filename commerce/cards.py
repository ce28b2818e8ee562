"""Cards that somebody has had kept, where a form asks how they want to pay."""

from django import forms

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

    cards: tuple[SavedPaymentMethod, ...] = ()

    def offer_cards(self, payer) -> None:
        """Called once, when the form has its fields."""
        self.cards = tuple(cards_of(payer))
        choices = [(card.form_value, card.label) for card in self.cards]
        self.fields["method"].choices = [*choices, *self.fields["method"].choices]
        if is_offered(Payment.Method.CARD) and offer(Payment.Method.CARD).gateway.keeps_cards:
            self.fields["save_method"] = forms.BooleanField(
                required=False,
                label="Keep this card for my next payments",
                help_text="The payment provider keeps it; we see its last four digits. You can remove it at any time.",
            )

    def how(self) -> dict:
        """What a valid form says, for `place_order`, `pay_again` and `try_again`."""
        said = self.cleaned_data.get("method", "")
        saved = next((card for card in self.cards if card.form_value == said), None)
        return {
            "method": Payment.Method.CARD if saved else said,
            "saved": saved,
            "save_method": self.cleaned_data.get("save_method", False),
        }
