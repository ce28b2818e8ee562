"""What would be bought now: the part of cart and checkout that both pages share, with its coupon and its sums."""

from functools import cached_property

from commerce.cart import Cart, CartLine
from commerce.countries import COUNTRIES
from commerce.forms import CouponForm
from commerce.models import Coupon, Order, TaxRate
from commerce.quoting import Quote, quote
from core.ratelimit import RateLimited, ratelimit, requester_key

COUPON_KEY = "coupon"
# Codes are not to be found by trying them all.
TRIES, TRIES_SECONDS = 30, 600


class Basket:
    """The cart's models that can be bought, and the coupon that the session keeps for them."""

    def __init__(self, request):
        self.request = request
        self.all_lines: list[CartLine] = self.cart_lines()
        self.lines = [line for line in self.all_lines if not line.saved_for_later]
        self.buyable = [line for line in self.lines if line.problem is None]
        code = request.session.get(COUPON_KEY, "")
        self.coupon_form = self._form({"coupon": code} if code else None)
        # One that has become invalid since is named beside the field, and takes nothing off.
        self.coupon: Coupon | None = None
        if code and self.buyable and self.coupon_form.is_valid():
            self.coupon = self.coupon_form.cleaned_data["coupon"]

    def cart_lines(self) -> list[CartLine]:
        return Cart.for_request(self.request).lines()

    @property
    def models(self) -> list:
        return [line.model for line in self.buyable]

    @property
    def left_out(self) -> int:
        """How many models of the cart cannot be bought."""
        return len(self.lines) - len(self.buyable)

    @cached_property
    def is_taxed(self) -> bool:
        """Whether a buyer of any country pays tax."""
        return TaxRate.objects.exists()

    def quote(self, country: str = "") -> Quote:
        return quote(models=self.models, coupon=self.coupon, country=country if country in COUNTRIES else "")

    def try_coupon(self, code: str) -> bool:
        """Keep a coupon where it can be used; else the form says why not."""
        self.coupon_form = form = self._form({"coupon": code})
        try:
            ratelimit(f"coupon:{requester_key(self.request)}", TRIES, TRIES_SECONDS)
        except RateLimited as error:
            form.add_error("coupon", f"That were many tries. {error}")
        if not form.is_valid():
            return False
        self.coupon = form.cleaned_data["coupon"]
        self.request.session[COUPON_KEY] = self.coupon.code
        return True

    def drop_coupon(self) -> None:
        self.request.session.pop(COUPON_KEY, None)
        self.coupon, self.coupon_form = None, self._form(None)

    def _form(self, data: dict | None) -> CouponForm:
        return CouponForm(data, user=self.request.user, models=self.models)


def forget_coupon_of(request, order: Order) -> None:
    """A coupon that an order has used is not offered for the next one."""
    if order.coupon_code and request.session.get(COUPON_KEY) == order.coupon_code:
        del request.session[COUPON_KEY]
