"""The checkout page: what was typed stays, whatever button is pressed, and the total shown is the one that is paid."""

from collections.abc import Callable

from django.urls import reverse_lazy

from accounts.models import User
from commerce.actions.ordering import place_order
from commerce.basket import COUPON_KEY, Basket
from commerce.exceptions import CheckoutChanged, CommerceError
from commerce.forms import CheckoutForm, shown_text
from commerce.gateways import offered
from commerce.models import Coupon, Order
from commerce.quoting import Quote, Shown

# Buttons of the form that place no order: they show what the order would cost then.
COUNTRY, APPLY, REMOVE = "country", "apply-coupon", "remove-coupon"


def placed_at_once(request) -> Order | None:
    """The order, where what was sent is what it costs now: `place_order` looks at all of it, and nobody else needs to.

    None in every other case, and where a coupon plays a part or nothing is to be paid: the page says why, or asks.
    """
    said = request.POST
    if said.get("do") or said.get("coupon", "").strip() or request.session.get(COUPON_KEY):
        return None
    form = CheckoutForm(said, total=None, payer=request.user)
    if not form.is_valid():
        return None
    try:
        return place_from(form, request.user)
    except CommerceError:
        return None


def place_from(
    form: CheckoutForm, buyer: User, coupon: Coupon | None = None, *, place: Callable = place_order
) -> Order:
    """What a valid form asks for, by a caller who leads the buyer on to the payment (`Order.begun`) at once.

    Raises as `place`, which is `place_order` or something like it, does.
    """
    return place(
        buyer=buyer,
        checkout_key=form.cleaned_data["checkout_key"],
        shown=form.cleaned_data["shown"],
        billing=form.billing(),
        coupon_code=coupon.code if coupon else "",
        starts=True,
        **form.how(),
    )


class CheckoutPage:
    """One request for the page of the cart, or by a subclass of something else; `order` is what it has placed."""

    form_class = CheckoutForm
    # A page without anything to buy leads there, and another link leads back.
    back_url, back_label = reverse_lazy("commerce:cart"), "Back to the cart"
    url = reverse_lazy("commerce:checkout")
    # What the sums call it, where it is not models.
    what = ""
    basket_of = Basket
    place = staticmethod(place_order)

    def __init__(self, request):
        self.request = request
        self.basket = self.basket_of(request)
        self.order: Order | None = None
        self.button = self._button()
        typed = request.POST if request.method == "POST" else CheckoutForm.initial_for(request.user)
        self._country = typed.get("country", "")
        self._use_coupon()
        self.quote: Quote = self.basket.quote(self._country)
        about = {"total": self.quote.total, "payer": request.user}
        form = self.form_class
        if request.method != "POST":
            self.form = form(**about, initial={**typed, "shown": self.shown})
        elif self.button:
            self.form = form(**about, initial=self._typed())
        else:
            self.form = form(request.POST, **about)
            self._place()

    @property
    def is_refused(self) -> bool:
        """Whether what was asked for was not done."""
        return self.form.is_bound or (self.button == APPLY and self.basket.coupon is None)

    @property
    def shown(self) -> str:
        return shown_text(Shown.of(self.quote))

    @property
    def context(self) -> dict:
        return {
            "basket": self.basket,
            "quote": self.quote,
            "form": self.form,
            "offers": offered(),
            "page": self,
        }

    def _button(self) -> str:
        """Which button was pressed; empty for the one that orders. A code that was typed and not applied comes first,
        so that nobody pays the full price with a coupon in the field.
        """
        pressed = self.request.POST.get("do", "")
        if pressed in (COUNTRY, APPLY, REMOVE):
            return pressed
        return APPLY if self.request.POST.get("coupon", "").strip() and not self.basket.coupon else ""

    def _use_coupon(self) -> None:
        if self.button == APPLY:
            self.basket.try_coupon(self.request.POST.get("coupon", ""))
        elif self.button == REMOVE:
            self.basket.drop_coupon()

    def _typed(self) -> dict:
        return {**self.request.POST.dict(), "shown": self.shown}

    def _place(self) -> None:
        """Order where the form is in order; else the form says why not, and shows what is to be confirmed next."""
        form, coupon = self.form, self.basket.coupon
        if form.is_valid():
            try:
                self.order = place_from(form, self.request.user, coupon, place=self.place)
            except CheckoutChanged as error:
                for change in error.changes:
                    form.add_error(None, change)
                form.add_error(None, "Nothing was ordered. Look at the new total and confirm again.")
            except CommerceError as error:
                form.add_error(None, error.message)
        form.data = form.data.copy()
        form.data["shown"] = self.shown
