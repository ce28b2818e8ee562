"""Where payment providers tell us what happened."""

import logging

from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from commerce.actions import webhooks
from commerce.exceptions import ProviderUnavailable, SignatureInvalid
from commerce.gateways import GATEWAYS, gateway

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def receive(request, provider: str):
    """Signed by the provider, so no session and no token; anything else is refused and not kept."""
    if provider not in GATEWAYS or not gateway(provider).is_set_up():
        raise Http404
    try:
        event = gateway(provider).parse_webhook(request.headers, request.body)
    except SignatureInvalid as error:
        logger.warning("A webhook for %s was refused: %s", provider, error)
        return HttpResponse("The signature is not valid.", status=400, content_type="text/plain")
    except ProviderUnavailable as error:
        # Whether it is theirs could not be asked: they send it again.
        logger.warning("A webhook for %s could not be checked: %s", provider, error)
        return HttpResponse("Not now.", status=503, content_type="text/plain")
    webhooks.receive(provider, event)
    return HttpResponse("ok", content_type="text/plain")
