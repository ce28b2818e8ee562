"""The cart: in the session for visitors, in rows for people who are signed in, with one set of rules."""

from dataclasses import dataclass
from decimal import Decimal

from commerce.availability import Reason, owned_ids, reason_against
from commerce.exceptions import CartFull, NotAvailable
from commerce.models import CartItem
from commerce.money import round_money
from core.database.prepared import PreparedCount
from marketplace.models import Model3D

MAX_ITEMS = 100
SESSION_KEY = "cart"

_TO_BUY = PreparedCount(lambda user: CartItem.objects.of_user(user).to_buy(), user=int)


@dataclass(frozen=True)
class CartLine:
    """A model in the cart, as it stands now."""

    model: Model3D
    saved_for_later: bool
    price_when_added: Decimal
    problem: Reason | None

    @property
    def price(self) -> Decimal:
        return round_money(self.model.price)

    @property
    def price_changed(self) -> bool:
        return self.problem is None and self.price != self.price_when_added

    @property
    def problem_text(self) -> str:
        return self.problem.sentence(self.model.title) if self.problem else ""


@dataclass(frozen=True)
class Entry:
    """What is stored of a line."""

    model_id: int
    saved_for_later: bool
    price_when_added: Decimal


class Cart:
    """One person's cart; `for_request` chooses where it is kept."""

    def __init__(self, user, store):
        self.user = user
        self._store = store

    @classmethod
    def for_request(cls, request) -> "Cart":
        """The cart of who asks, the same object for the whole request."""
        cart = getattr(request, "_commerce_cart", None)
        if cart is None or cart.user != request.user:
            store = RowStore(request.user) if request.user.is_authenticated else SessionStore(request.session)
            cart = request._commerce_cart = cls(request.user, store)
        return cart

    def count(self) -> int:
        """Models to buy, without those saved for later; no query for visitors, one a request for others."""
        return self._store.count()

    def contains(self, model_id: int) -> bool:
        return any(entry.model_id == model_id for entry in self._store.entries())

    def lines(self) -> list[CartLine]:
        """Every line, the longest there first; models that are gone for good are left out."""
        entries = self._store.entries()
        models = (
            Model3D.objects.with_card_data().in_bulk([entry.model_id for entry in entries]) if entries else {}
        )
        owned = owned_ids(self.user, models) if models else set()
        return [
            CartLine(
                model=models[entry.model_id],
                saved_for_later=entry.saved_for_later,
                price_when_added=entry.price_when_added,
                problem=reason_against(models[entry.model_id], self.user, owned),
            )
            for entry in entries
            if entry.model_id in models
        ]

    def add(self, model: Model3D) -> None:
        """Put a model in, or take it back from those saved for later; `model` needs `with_card_data`.

        Raises:
            NotAvailable: it is their own, theirs already, or not for sale.
            CartFull: there is no room.
        """
        problem = reason_against(model, self.user, owned_ids(self.user, [model.pk]))
        if problem is not None:
            raise NotAvailable(problem.sentence(model.title), problem)
        entries = self._store.entries()
        if len(entries) >= MAX_ITEMS and not self.contains(model.pk):
            raise CartFull(
                f"A cart holds {MAX_ITEMS} models at most; “{model.title}” was not added."
                " Check out or remove some first."
            )
        self._store.put(Entry(model.pk, saved_for_later=False, price_when_added=round_money(model.price)))

    def remove(self, model_id: int) -> None:
        """Take a model out; idempotent."""
        self._store.delete(model_id)

    def save_for_later(self, model_id: int) -> None:
        """Keep a model without buying it now; nothing happens where it is not in the cart."""
        self._move(model_id, saved_for_later=True)

    def move_to_cart(self, model_id: int) -> None:
        """The opposite of `save_for_later`."""
        self._move(model_id, saved_for_later=False)

    def merge(self, other: "Cart") -> list[str]:
        """Take over what `other` holds and this person can buy, and empty it.

        Returns a sentence for each model that was not taken over.
        """
        left_out = []
        for line in other.lines():
            if self.contains(line.model.pk):
                continue
            try:
                self.add(line.model)
            except (NotAvailable, CartFull) as error:
                left_out.append(error.message)
                continue
            if line.saved_for_later:
                self.save_for_later(line.model.pk)
        other._store.clear()
        return left_out

    def _move(self, model_id: int, *, saved_for_later: bool) -> None:
        for entry in self._store.entries():
            if entry.model_id == model_id:
                self._store.put(Entry(model_id, saved_for_later, entry.price_when_added))


class SessionStore:
    """Entries as a list of [model id, saved for later, price when added] in the session."""

    def __init__(self, session):
        self._session = session

    def entries(self) -> list[Entry]:
        return [
            Entry(int(pk), bool(saved), Decimal(price))
            for pk, saved, price in self._session.get(SESSION_KEY, [])
        ]

    def count(self) -> int:
        return sum(not entry.saved_for_later for entry in self.entries())

    def put(self, entry: Entry) -> None:
        entries = self.entries()
        places = [place for place, known in enumerate(entries) if known.model_id == entry.model_id]
        if places:
            entries[places[0]] = entry
        else:
            entries.append(entry)
        self._write(entries)

    def delete(self, model_id: int) -> None:
        entries = self.entries()
        kept = [entry for entry in entries if entry.model_id != model_id]
        if len(kept) != len(entries):
            self._write(kept)

    def clear(self) -> None:
        if SESSION_KEY in self._session:
            del self._session[SESSION_KEY]

    def _write(self, entries: list[Entry]) -> None:
        if entries:
            self._session[SESSION_KEY] = [
                [entry.model_id, entry.saved_for_later, str(entry.price_when_added)] for entry in entries
            ]
        else:
            self.clear()


class RowStore:
    """Entries as `CartItem` rows, read once."""

    def __init__(self, user):
        self._user = user
        self._entries: list[Entry] | None = None
        self._count: int | None = None

    def entries(self) -> list[Entry]:
        if self._entries is None:
            rows = CartItem.objects.of_user(self._user).oldest_first()
            self._entries = [Entry(row.model_id, row.saved_for_later, row.price_when_added) for row in rows]
        return self._entries

    def count(self) -> int:
        if self._entries is not None:
            return sum(not entry.saved_for_later for entry in self._entries)
        if self._count is None:
            self._count = _TO_BUY(user=self._user.pk)
        return self._count

    def put(self, entry: Entry) -> None:
        CartItem.objects.update_or_create(
            user=self._user,
            model_id=entry.model_id,
            defaults={"saved_for_later": entry.saved_for_later, "price_when_added": entry.price_when_added},
        )
        self._forget()

    def delete(self, model_id: int) -> None:
        CartItem.objects.of_user(self._user).filter(model=model_id).delete()
        self._forget()

    def clear(self) -> None:
        CartItem.objects.of_user(self._user).delete()
        self._forget()

    def _forget(self) -> None:
        self._entries = self._count = None
