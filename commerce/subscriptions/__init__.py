"""The rules of subscriptions: how long a period lasts, what a change costs, what people are told."""
