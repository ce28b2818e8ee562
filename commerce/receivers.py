"""What commerce does when something happens elsewhere."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from commerce.cart import SESSION_KEY, Cart, RowStore, SessionStore
from commerce.tasks import tell_owners_of_version
from marketplace.signals import version_approved


@receiver(user_logged_in, dispatch_uid="commerce.keep_cart")
def keep_cart_through_sign_in(request, user, **kwargs):
    """What a visitor put into the cart is theirs after signing in; what they cannot buy is named."""
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session:
        return
    visitors = Cart(AnonymousUser(), SessionStore(session))
    for sentence in Cart(user, RowStore(user)).merge(visitors):
        messages.info(request, f"{sentence} It is not in your cart.", fail_silently=True)


@receiver(version_approved, dispatch_uid="commerce.tell_owners")
def tell_owners_of_new_version(sender, model, files, **kwargs):
    """Many may have the model, so a worker tells them."""
    tell_owners_of_version.delay(model.pk, [file.pk for file in files])
