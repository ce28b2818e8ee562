"""The comments of a model."""

from django.shortcuts import get_object_or_404

from marketplace.conversation import Conversation
from marketplace.models import Model3D
from marketplace.views.commenting import CommentViews


def _model(request, pk: int) -> Model3D:
    return get_object_or_404(Model3D.objects.visible_to(request.user).with_page_data(), pk=pk)


views = CommentViews(Conversation, find=_model)
