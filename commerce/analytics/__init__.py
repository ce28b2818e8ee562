"""Page 58: what the whole site earns, gives back and owes, and who earns it."""
