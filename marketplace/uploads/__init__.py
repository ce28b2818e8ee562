"""Uploads in pieces: announced, resumed, complete, taken into a model or expired.

tus 1.0.0 through this server (`protocol`, `receiving`), or multipart straight to object storage (`multipart`).
"""

from marketplace.uploads.expiry import Expired, expire
from marketplace.uploads.taking import complete_of_batch, take

__all__ = ["Expired", "complete_of_batch", "expire", "take"]
