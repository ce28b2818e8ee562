"""What happens to subscriptions. Everything holds its person's lock, then the subscription's row, then the payment's.

No lock is held while a provider is asked: what is to be paid is written down first, and paid by that row.
"""
