"""Where django-allauth meets this site: mail through the outbox, our addresses, our fields."""

from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import transaction
from django.utils import timezone

from accounts.models import User, UserProfile
from core.addresses import absolute_url
from core.mail import send


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix, email, context):
        """Every mail of allauth leaves through the outbox: `account/email/login` is the kind `account/login`."""
        folder, _, name = template_prefix.partition("/email/")
        values = {
            key: self._at_our_address(value) if key.endswith("_url") else value
            for key, value in context.items()
            if key != "request"
        }
        send(kind=f"{folder}/{name}", to=self._recipient(email, context), context={**values, "email": email})

    def _at_our_address(self, url):
        """Links in mails start with SITE_URL, whichever of our host names the request came by."""
        parts = urlsplit(url)
        return absolute_url(urlunsplit(("", "", parts.path, parts.query, "")), request=self.request)

    def _recipient(self, email, context):
        """The person if the mail goes to their own main address, otherwise the bare address."""
        user = context.get("user")
        return user if user is not None and user.email.lower() == email.lower() else email

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def get_reauthentication_methods(self, user):
        """Who has a second factor proves it with that: a password alone could not remove what guards it."""
        methods = super().get_reauthentication_methods(user)
        stronger = [method for method in methods if method["id"] != "reauthenticate"]
        return stronger or methods

    def save_user(self, request, user, form, commit=True):
        """Account, profile and allauth's own rows come together or not at all."""
        user.full_name = form.cleaned_data.get("full_name", "")
        user.user_type = form.cleaned_data.get("user_type") or User.UserType.BUYER
        user.terms_accepted_at = timezone.now() if form.cleaned_data.get("terms") else None
        with transaction.atomic():
            user = super().save_user(request, user, form, commit=commit)
            if commit:
                UserProfile.objects.get_or_create(user=user)
        return user


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request, sociallogin, data):
        """Suggest the provider's name for the person; the form that follows lets them change it."""
        user = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name"), data.get("last_name")]
        user.full_name = (data.get("name") or " ".join(part for part in parts if part))[:120]
        return user

    def get_signup_form_initial_data(self, sociallogin):
        return {**super().get_signup_form_initial_data(sociallogin), "full_name": sociallogin.user.full_name}
