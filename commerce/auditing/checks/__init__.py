"""All checks, by what they hold against the ledger."""

from commerce.auditing.checks import books, bounties, payments, refunds, sales, sandbox

CHECKS = [
    *books.CHECKS,
    *sales.CHECKS,
    *payments.CHECKS,
    *refunds.CHECKS,
    *bounties.CHECKS,
    *sandbox.CHECKS,
]
