"""Ordering models: what is in the cart, and free ones straight into the library."""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from commerce.actions.delivery import deliver
from commerce.actions.placing import Billing, Goods, create_order, place, standing_orders
from commerce.availability import Reason, reason_against
from commerce.exceptions import NotAvailable
from commerce.locks import lock_buyer
from commerce.models import CartItem, Order, Purchase, Transaction
from commerce.money import round_money
from commerce.quoting import Shown, quote
from core.database.prepared import Prepared
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D

_IN_CART = Prepared(
    lambda buyer: CartItem.objects.of_user(buyer).to_buy().values_list("model_id", flat=True), buyer=int
)
# In the order of their ids: nobody changes a price meanwhile. With all that is asked of them, and no more.
_LOCKED = Prepared(
    lambda buyer, models: (
        Model3D.objects.filter(pk__among=models)
        .select_related("creator", "category")
        .only(
            *(
                "title",
                "price",
                "license",
                "status",
                "visibility",
                "is_published",
                "removed_at",
                "deleted_at",
            ),
            *("current_file", "creator__is_active", "category__enabled"),
        )
        .annotate(is_owned=Exists(Purchase.objects.of_user(buyer).active().filter(model=OuterRef("pk"))))
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    ),
    buyer=int,
    models=list,
)


class ModelsOfCart(Goods):
    name, beginning = "models", "your cart"
    standing = standing_orders(lambda lines, things: lines.filter(model__among=things))

    def ids(self, shown: Shown) -> list[int]:
        return list(shown.prices)

    def wanted(self, shown: Shown) -> Q:
        return Q(transactions__model__in=shown.prices)

    def lock(self, buyer: User, shown: Shown) -> tuple[list[str], list[Model3D]]:
        in_cart = set(_IN_CART(buyer=buyer.pk))
        models, owned = _lock_models(buyer, in_cart | set(shown.prices))
        changes = []
        for pk, model in models.items():
            problem = reason_against(model, buyer, owned)
            if pk not in shown.prices:
                if problem is None:
                    changes.append(f"“{model.title}” is in your cart now.")
            elif problem is not None:
                changes.append(problem.sentence(model.title))
            elif pk not in in_cart:
                changes.append(f"“{model.title}” is not in your cart any more.")
            elif round_money(model.price) != shown.prices[pk]:
                now, before = money_text(round_money(model.price)), money_text(shown.prices[pk])
                changes.append(f"“{model.title}” costs {now} now instead of {before}.")
        if set(shown.prices) - set(models):
            changes.append("A model does not exist any more.")
        if not shown.prices and not changes:
            changes.append("Your cart is empty.")
        return changes, [models[pk] for pk in shown.prices if pk in models]

    def described(self, thing: Model3D) -> dict:
        return {
            "seller_id": thing.creator_id,
            "model": thing,
            "title": thing.title,
            "license": thing.license,
            "license_version": thing.licence.version,
        }


def place_order(**how) -> Order:
    """Order what is in the buyer's cart; see `commerce.actions.placing.place`.

    The cart itself, too, has to be what was shown.
    """
    return place(ModelsOfCart(), **how)


def get_free_model(*, buyer: User, model_id: int) -> Order | None:
    """Put a free model into the buyer's library; None where they have it already.

    Raises:
        Model3D.DoesNotExist: there is no such model for this person.
        NotAvailable: it is their own, costs money, or is not for sale.
    """
    with transaction.atomic():
        lock_buyer(buyer.pk)
        models, owned = _lock_models(buyer, [model_id])
        model = models.get(model_id)
        if model is None or not model.is_visible_to(buyer):
            raise Model3D.DoesNotExist
        problem = reason_against(model, buyer, owned)
        if problem == Reason.OWNED:
            return None
        if problem is not None:
            raise NotAvailable(problem.sentence(model.title), problem)
        if round_money(model.price):
            raise NotAvailable(f"“{model.title}” is not free any more.", Reason.UNAVAILABLE)
        billing = Billing(name=buyer.display_name, email=buyer.email)
        free = Transaction.PaymentMethod.NONE
        order = create_order(ModelsOfCart(), buyer, uuid.uuid4(), quote(models=[model]), billing, free)
        deliver(order)
    return order


def _lock_models(buyer: User, model_ids) -> tuple[dict[int, Model3D], set[int]]:
    """The models with ids among `model_ids`, locked; and those of them that `buyer`, who is locked, has."""
    models = {model.pk: model for model in _LOCKED(buyer=buyer.pk, models=list(model_ids))}
    return models, {pk for pk, model in models.items() if model.is_owned}
