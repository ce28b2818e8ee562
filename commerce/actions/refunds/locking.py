"""What a refund is decided and carried out under, taken once, always in the order of docs/decisions/0007-locking.md."""

from dataclasses import dataclass

from accounts.models import User
from blog.models import Course
from commerce.actions.payments import lock_payment
from commerce.exceptions import RefundNotPossible
from commerce.models import Payment, Purchase, Refund, Transaction
from commerce.purposes import purpose_of
from commerce.refunding.parts import Parts
from marketplace.models import Model3D


@dataclass
class Held:
    """The locked rows; `line` and `purchase` are None where no model was sold."""

    payment: Payment
    line: Transaction | None = None
    purchase: Purchase | None = None

    @property
    def sold(self) -> Parts:
        return self.line.sold_parts

    def before(self, refund: Refund | None = None) -> Parts:
        """What has gone back of the line or is on its way, but for `refund` itself."""
        return self.line.refunds.live().exclude(pk=refund.pk if refund else None).parts()


def hold_line(line: Transaction) -> Held:
    """Lock the payment of a sale, the sale, and the purchase that came of it.

    Raises:
        RefundNotPossible: nothing was paid for it, or it was never handed over.
    """
    payment = line.order.paid_by()
    if payment is None:
        raise RefundNotPossible("Nothing was paid for it.")
    held = _hold_lines(lock_payment(payment), Transaction.objects.filter(pk=line.pk))
    if not held:
        raise RefundNotPossible("It was never handed over.")
    return held[0]


def hold_all_lines(payment: Payment) -> list[Held]:
    """Lock a payment and every sale that it paid for, by ascending id; none where it paid for something else."""
    payment = lock_payment(payment)
    return [] if payment.bought_nothing else _hold_lines(payment, purpose_of(payment).sales(payment))


def lock_figures(lines: list[Transaction]) -> None:
    """Lock what counts the sales, before any of it changes: models and courses before people, each by ascending id."""
    models = Model3D.objects.filter(pk__in={line.model_id for line in lines}).order_by("pk")
    list(models.select_for_update(no_key=True).values_list("pk"))
    courses = Course.objects.filter(pk__in={line.course_id for line in lines}).order_by("pk")
    list(courses.select_for_update(no_key=True).values_list("pk"))
    people = User.objects.filter(pk__in={pk for line in lines for pk in (line.buyer_id, line.seller_id)})
    list(people.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _hold_lines(payment: Payment, lines) -> list[Held]:
    lines = lines.select_related("model", "course", "seller", "buyer", "order", "listing").order_by("pk")
    lines = {line.pk: line for line in lines.select_for_update(no_key=True, of=("self",))}
    purchases = Purchase.objects.filter(transaction__in=lines).order_by("pk")
    held = []
    for purchase in purchases.select_for_update(no_key=True):
        # Each knows the very rows that are locked.
        purchase.transaction = line = lines[purchase.transaction_id]
        purchase.model, purchase.course = line.model, line.course
        held.append(Held(payment, line, purchase))
    return sorted(held, key=lambda one: one.line.pk)


def hold_refund(refund: Refund) -> tuple[Refund, Held]:
    """Lock all that a refund is about, and read it again."""
    if refund.transaction_id is None:
        held = Held(lock_payment(refund.payment))
    else:
        held = hold_line(refund.transaction)
    refund = Refund.objects.select_for_update(no_key=True).get(pk=refund.pk)
    refund.payment = held.payment
    if held.line is not None:
        refund.transaction = held.line
    return refund, held
