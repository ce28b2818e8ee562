"""A seller's money as they see it: what they have, what they earned by day, every movement, statements by month."""
