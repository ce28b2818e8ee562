"""The desk in the console: its queues, what stands beside a ticket, and how well it does."""
