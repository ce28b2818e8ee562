"""What trust and safety knows: what can be done to things, how urgent reports are, what people are told."""
