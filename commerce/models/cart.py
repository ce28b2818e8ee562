"""What a person means to buy; a visitor's cart lives in the session until sign-in."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from marketplace.models import Model3D


class CartItemQuerySet(models.QuerySet):
    def of_user(self, user):
        return self.filter(user=user)

    def to_buy(self):
        """Without what is saved for later."""
        return self.filter(saved_for_later=False)

    def oldest_first(self):
        return self.order_by("created_at", "pk")


class CartItem(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cart_items")
    model = models.ForeignKey(Model3D, models.CASCADE, related_name="+")
    saved_for_later = models.BooleanField(default=False)
    # Shown beside today's price where they differ.
    price_when_added = models.DecimalField(max_digits=12, decimal_places=2)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CartItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "model"], name="cart_item_unique")]

    def __str__(self):
        return f"{self.model_id} in the cart of {self.user_id}"
