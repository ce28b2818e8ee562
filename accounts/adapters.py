"""Where django-allauth meets this site: mail through the outbox, our addresses, our fields."""

from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts.models import Notification, User, UserProfile
from accounts.notifications import close_ended_sessions
from accounts.preferences import Channels, choose
from core.addresses import absolute_url
from core.mail import send

ADDRESS_LENGTH = User._meta.get_field("email").max_length


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": "This username is taken.",
        "email_password_mismatch": "E-mail address and password do not belong together.",
        "username_password_mismatch": "Username and password do not belong together.",
        "too_many_login_attempts": "Too many attempts with a wrong password. Wait some minutes, or reset it.",
    }

    def clean_email(self, email):
        """allauth would cut an address that is too long, and write to whoever has the shorter one."""
        if len(email) > ADDRESS_LENGTH:
            raise ValidationError(f"An address has at most {ADDRESS_LENGTH} characters.", code="too_long")
        return super().clean_email(email)

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

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        """An address that is another person's main one gets word of the attempt, and no link that would move it."""
        address = emailconfirmation.email_address
        if self._is_somebody_elses(address):
            self.send_mail("account/email/address_taken", address.email, {})
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def confirm_email(self, request, email_address):
        if self._is_somebody_elses(email_address):
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False
        return super().confirm_email(request, email_address)

    def logout(self, request):
        user_id = request.user.pk
        super().logout(request)
        close_ended_sessions(user_id)

    def _is_somebody_elses(self, address):
        return User.objects.filter(email__iexact=address.email).exclude(pk=address.user_id).exists()

    def save_user(self, request, user, form, commit=True):
        """Account, profile and allauth's own rows come together or not at all."""
        user.full_name = form.cleaned_data.get("full_name", "")
        user.user_type = form.cleaned_data.get("user_type") or User.UserType.BUYER
        user.terms_accepted_at = timezone.now() if form.cleaned_data.get("terms") else None
        with transaction.atomic():
            user = super().save_user(request, user, form, commit=commit)
            if commit:
                UserProfile.objects.get_or_create(user=user)
                if form.cleaned_data.get("news"):
                    choose(user, {Notification.Kind.NEWS: Channels(on_site=False, by_mail=True)})
        return user


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions):
        super().end_sessions(sessions)
        for user_id in {session.user_id for session in sessions}:
            close_ended_sessions(user_id)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "unverified_email": "First confirm all your e-mail addresses, or remove those that are not confirmed.",
        "incorrect_code": "This code is not right, or has just been used. Wait for the next one.",
    }


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def get_app(self, request, provider, client_id=None):
        """A provider without keys is not there."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist as error:
            raise Http404(f"{provider} is not set up.") from error

    def populate_user(self, request, sociallogin, data):
        """Suggest the provider's name for the person; the form that follows lets them change it."""
        user = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name"), data.get("last_name")]
        user.full_name = (data.get("name") or " ".join(part for part in parts if part))[:120]
        return user

    def get_signup_form_initial_data(self, sociallogin):
        return {**super().get_signup_form_initial_data(sociallogin), "full_name": sociallogin.user.full_name}
