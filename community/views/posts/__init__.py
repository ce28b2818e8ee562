"""The posts of communities: written, read, changed, moderated, and what is told of them."""
