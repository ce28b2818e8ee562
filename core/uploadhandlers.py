"""What forms may send."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Bytes that a request may have beyond what any form may; asked before who sends it has proved that they mean it.
Room = Callable[..., int]
_rooms: list[Room] = []


def make_room(room: Room) -> None:
    """From now on `room(request)` says how many bytes more a form may send; 0 for every form that is not its own."""
    _rooms.append(room)


class FormSizeHandler(FileUploadHandler):
    """First of the handlers of every form but the uploads: refuses a body that no form of this site needs.

    Without it any address with a form would spool whatever is sent to the temporary folder before its view looks.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803
        if content_length <= settings.MAX_FORM_BYTES:
            return
        if content_length > settings.MAX_FORM_BYTES + max((room(self.request) for room in _rooms), default=0):
            raise RequestDataTooBig(f"The form has {content_length} bytes.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
