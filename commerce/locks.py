"""The lock behind which everything that one person buys happens one after the other."""

from core.locks import lock_until_commit


def lock_buyer(user_id: int) -> None:
    """Wait for this person's other purchases, and hold off those that follow, until the transaction ends.

    An advisory lock rather than the person's row: the marketplace changes creators' rows while it holds a model's, and
    buying locks models while it holds this. Two rows taken in both orders would be a deadlock.
    """
    lock_until_commit(f"commerce.buyer:{user_id}")
