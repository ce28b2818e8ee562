"""Messages as one of the two sees them."""

from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import User
from community.models import DirectMessage
from core.markdown import render_markdown
from marketplace.models import Model3D


@dataclass
class Shown:
    """One message as `viewer` sees it; `is_seen` is whether the other one has read it."""

    message: DirectMessage
    viewer: User
    is_seen: bool = False

    @property
    def is_own(self) -> bool:
        return self.message.sender_id == self.viewer.pk

    @property
    def is_editable(self) -> bool:
        return self.is_own and self.message.is_editable

    @cached_property
    def html(self) -> SafeString:
        return render_markdown(self.message.body)

    @property
    def model(self) -> Model3D | None:
        """The model that came with it, where the viewer may see it."""
        model = self.message.model
        return model if model is not None and model.is_visible_to(self.viewer) else None

    @property
    def version(self) -> str:
        """What is shown has changed where this has; that it was seen does not change the others' part of it."""
        return f"{self.message.version}{'e' if self.is_editable else ''}"


def row_html(message: DirectMessage, viewer: User) -> str:
    """One row of the conversation, for a page that is open already."""
    return render_to_string("community/messages/_message.html", {"item": Shown(message, viewer)})
