"""Where mail providers tell of bounces and complaints."""

import logging

from anymail.exceptions import AnymailConfigurationError
from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.mail_events import view_of

logger = logging.getLogger(__name__)


# The name and password in the address, and the provider's signature, are what allow it.
@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def mail_events(request, provider: str):
    """404 for all but the provider that carries our mails; 400 for whoever cannot prove that it is it."""
    view = view_of(provider)
    if view is None:
        raise Http404
    try:
        return view(request)
    except (AnymailConfigurationError, AttributeError, LookupError, TypeError, ValueError) as error:
        logger.warning("What %s said of a mail was not understood: %s", provider, type(error).__name__)
        return HttpResponse("Not understood.", status=400, content_type="text/plain")
