"""Direct messages: who may write to whom, what may come along, and what open pages are told."""
