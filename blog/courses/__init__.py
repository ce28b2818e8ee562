"""What courses are made of besides their rows: how they are listed, shown, opened, and what may be put into them."""
