"""All checks, by what they hold against the ledger."""

from commerce.auditing.checks import books, bounties, payments, plans, refunds, sales, sandbox

CHECKS = [
    *books.CHECKS,
    *sales.CHECKS,
    *payments.CHECKS,
    *refunds.CHECKS,
    *bounties.CHECKS,
    *plans.CHECKS,
    *sandbox.CHECKS,
]
