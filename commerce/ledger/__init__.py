"""Double-entry books: posting movements, and what accounts hold. See docs/decisions on the ledger."""

from commerce.ledger.balances import SellerBalance, balance, balance_at, balance_of
from commerce.ledger.posting import LedgerError, Line, post

__all__ = ["LedgerError", "Line", "SellerBalance", "balance", "balance_at", "balance_of", "post"]
