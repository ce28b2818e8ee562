"""What a person means to buy; a visitor's cart lives in the session until sign-in."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from marketplace.models import Model3D


class CartItem(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cart_items")
    model = models.ForeignKey(Model3D, models.CASCADE, related_name="+")
    saved_for_later = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "model"], name="cart_item_unique")]

    def __str__(self):
        return f"{self.model_id} in the cart of {self.user_id}"
