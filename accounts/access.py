"""Who may enter a page."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.urls import reverse


def creator_required(view):
    """View decorator: a visitor signs in first, a buyer is led to the one step that makes a creator, and back."""

    @login_required
    @wraps(view)
    def creators_only(request, *args, **kwargs):
        if request.user.is_creator:
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('accounts:creator')}?{urlencode({'next': request.get_full_path()})}")

    return creators_only
