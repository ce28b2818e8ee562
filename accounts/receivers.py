"""What follows when somebody signs up or proves an address. (allauth's own signals, sent after the fact.)"""

from allauth.account.signals import email_confirmed, user_signed_up
from django.dispatch import receiver

from accounts.models import User
from core.mail import send


@receiver(email_confirmed)
def welcome_at_first_verified_address(sender, request, email_address, **kwargs):
    _welcome(email_address.user)


@receiver(user_signed_up)
def welcome_whose_address_a_provider_verified(sender, request, user, **kwargs):
    if user.emailaddress_set.filter(verified=True).exists():
        _welcome(user)


def _welcome(user: User) -> None:
    send(kind="accounts/welcome", to=user, dedupe_key=f"welcome:{user.pk}")
