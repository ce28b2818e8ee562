"""Delivery of preview derivatives."""

from django.conf import settings
from django.http import Http404
from django.views.decorators.http import require_safe

from core.files import send_private
from core.robots import tell_robots
from marketplace.previews import PreviewDenied, file_of_token


@require_safe
def preview(request, token: str):
    """The GLB that the 3D viewer loads; whatever is wrong with the address, it is not found."""
    try:
        model_file = file_of_token(token, user=request.user)
    except PreviewDenied as error:
        raise Http404("No such preview.") from error
    response = send_private(
        request,
        model_file.preview.name,
        filename="model.glb",
        content_type="model/gltf-binary",
        as_attachment=False,
        max_age=settings.PREVIEW_URL_SECONDS if model_file.model.is_open_to_all else 0,
    )
    return tell_robots(response, is_indexed=False, may_train=model_file.model.ai_training_allowed)
