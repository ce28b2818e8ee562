"""The rules of refunds: what a part of a sale is made of, and when money goes back without anybody being asked."""
