"""Posts of communities as people write and see them: forms, pictures, the feed, and what is told of them."""
