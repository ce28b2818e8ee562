"""allauth's sign-up pages, for the moment in which two people choose the same name or give the same address."""

from allauth.account.views import SignupView
from allauth.socialaccount.internal.flows.signup import redirect_to_signup
from allauth.socialaccount.views import SignupView as SocialSignupView
from django.db import IntegrityError


class SignUpView(SignupView):
    """Somebody who was quicker is found by checking the form once more, and named beside the field."""

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except IntegrityError:
            self.get_form().full_clean()
            return super().post(request, *args, **kwargs)


class SocialSignUpView(SocialSignupView):
    """The same for people who come from another site."""

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except IntegrityError:
            # The first try has taken the other site's answer out of the session; the form is sent again with it.
            redirect_to_signup(request, self.sociallogin)
            self.get_form().full_clean()
            return super().post(request, *args, **kwargs)
