"""Holding the ledger against everything that it tells of: each check is one query, and prints what is out of place."""

from commerce.auditing.asking import differences_at_providers
from commerce.auditing.check import Check, Finding, failures
from commerce.auditing.checks import CHECKS

__all__ = ["CHECKS", "Check", "Finding", "differences_at_providers", "failures"]
