"""What bounties are judged by and who is told of them; the writes are in `commerce.actions.bounties`."""
