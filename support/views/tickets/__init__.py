"""Pages of whoever asks support."""
