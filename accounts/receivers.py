"""What follows when somebody signs up, proves an address, or their sessions end. (Most are allauth's own signals.)"""

from allauth.account.signals import (
    email_confirmed,
    password_changed,
    password_reset,
    password_set,
    user_signed_up,
)
from django.dispatch import receiver

from accounts.models import User
from accounts.notifications import close_ended_sessions
from accounts.signals import standing_changed
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


@receiver([password_changed, password_reset, password_set])
def close_pages_opened_with_another_password(sender, request, user, **kwargs):
    close_ended_sessions(user.pk)


@receiver(standing_changed, dispatch_uid="accounts.close_pages")
def close_pages_of_who_is_suspended_or_gone(sender, user, **kwargs):
    close_ended_sessions(user.pk)
