"""Files that go along with messages, and the malware scanner."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from community.messaging.attachments import prepared
from core.tests.clamd import EICAR, clamd


def test_a_file_is_refused_by_name_and_one_that_cannot_be_checked_is_asked_for_again(settings):
    cache.clear()
    with clamd() as scanner:
        settings.CLAMD = scanner.address
        with pytest.raises(ValidationError, match=r"“chair\.zip” carries harmful software"):
            prepared(SimpleUploadedFile("chair.zip", EICAR))
        clean = prepared(SimpleUploadedFile("chair.zip", b"A chair."))
        assert clean.content.read() == b"A chair."
        scanner.hangs_up = True
        with pytest.raises(ValidationError, match="Try again in a few minutes"):
            prepared(SimpleUploadedFile("chair.zip", b"A chair."))
    cache.clear()
