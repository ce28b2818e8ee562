"""One message: changed, deleted; and the files that came with it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.actions import messages as actions
from community.messaging.exceptions import MessageRefused
from community.messaging.forms import WordsForm
from community.models import DirectMessage, MessageAttachment
from community.views.messages.finding import own_message
from core.files import send_private
from core.verbs import wants_deletion

# A browser asks again after so long whether it may still have a picture.
PICTURE_SECONDS = 3600


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
def message(request, conversation_id: uuid.UUID, number: int):
    """GET: the form for one's own words, with the button that deletes them. POST: other words. DELETE: away with it."""
    found = own_message(request, conversation_id, number)
    if wants_deletion(request):
        actions.delete(message=found, by=request.user)
        messages.success(request, "The message was deleted for both of you.")
        return redirect(found.conversation)
    if request.method != "POST":
        return _page(request, found, WordsForm(initial={"body": found.body}))
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            actions.edit(message=found, by=request.user, body=form.cleaned_data["body"])
        except MessageRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(found)
    return _page(request, found, form, status=422)


def _page(request, found: DirectMessage, form: WordsForm, status: int = 200):
    return render(request, "community/messages/message.html", {"message": found, "form": form}, status=status)


@require_safe
@login_required
def attachment(request, attachment_id: uuid.UUID):
    """To the two who talk, and nobody else: pictures to be seen, all else to be saved."""
    own = MessageAttachment.objects.filter(message__conversation__participants__user=request.user)
    found = get_object_or_404(own, public_id=attachment_id)
    return send_private(
        request,
        found.file.name,
        filename=found.name,
        content_type="image/webp" if found.is_picture else "application/octet-stream",
        as_attachment=not found.is_picture,
        max_age=PICTURE_SECONDS if found.is_picture else 0,
    )
