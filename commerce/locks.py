"""Locks behind which what one person buys, and what becomes of one creator's money, happens one after the other."""

from core.locks import lock_until_commit


def lock_buyer(user_id: int) -> None:
    """Wait for this person's other purchases, and hold off those that follow, until the transaction ends.

    An advisory lock rather than the person's row: the marketplace changes creators' rows while it holds a model's, and
    buying locks models while it holds this. Two rows taken in both orders would be a deadlock.
    """
    lock_until_commit(f"commerce.buyer:{user_id}")


def lock_seller(user_id: int) -> None:
    """Held by whoever reads a creator's balance in order to spend it, until the transaction ends.

    Taken after a buyer's lock. What only adds to a balance, or takes from it whatever it is, does not need it.
    """
    lock_until_commit(f"commerce.seller:{user_id}")
