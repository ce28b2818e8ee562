"""Uploads and the malware scanner: refused by sentence, kept out of reach, or held until the scanner answers."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from core.tests.clamd import EICAR, clamd
from marketplace.actions.processing import process, requeue_stalled
from marketplace.actions.scanning import passes
from marketplace.documents import kind_of_document
from marketplace.leases import Lease
from marketplace.models import ModelFile
from marketplace.tests.factories import Model3DFactory, ModelFileFactory
from marketplace.tests.glb import grid_glb

pytestmark = pytest.mark.django_db


@pytest.fixture
def scanner(settings):
    cache.clear()
    with clamd() as server:
        settings.CLAMD = server.address
        yield server


def uploaded(content: bytes) -> ModelFile:
    file = ModelFileFactory(
        model=Model3DFactory(creator=UserFactory(creator=True)), original_name="chair.glb"
    )
    file.original.save("chair.glb", ContentFile(content))
    return file


def test_an_infected_upload_is_refused_by_sentence_and_audited_and_nothing_opens_it(scanner, client):
    file = uploaded(grid_glb() + EICAR)
    process(file.pk)
    file.refresh_from_db()
    assert (file.state, file.failure_code, file.step) == ("failed", "malware", "preflight")
    assert file.failure_message.startswith("This file carries harmful software (Eicar-Signature).")
    entry = AuditEntry.objects.get(action="file.quarantined")
    assert (entry.object_id, entry.data["found"]) == (str(file.model_id), "Eicar-Signature")
    client.force_login(file.model.creator)
    page = client.get(reverse("marketplace:edit", args=[file.model_id])).content.decode()
    assert "harmful software" in page
    assert not file.model.missing_for_review()[0].message.startswith("Upload")


def test_while_the_scanner_is_away_a_file_is_held_and_its_page_says_so_and_then_it_goes_on(scanner, client):
    file = uploaded(grid_glb())
    scanner.hangs_up = True
    for _ in range(5):
        process(file.pk)
    file.refresh_from_db()
    assert (file.state, file.attempts, file.failure_code) == ("queued", 0, "")
    assert requeue_stalled() == 0
    client.force_login(file.model.creator)
    page = client.get(reverse("marketplace:edit", args=[file.model_id])).content.decode()
    assert "The malware scanner does not answer at the moment. Your file is kept" in page
    scanner.hangs_up = False
    with Lease.take(file.pk) as lease:
        assert passes(lease, file)
    assert scanner.seen[-1] == len(grid_glb())


def test_documents_are_refused_beside_the_field(scanner):
    def take(content: bytes) -> None:
        kind_of_document("notes.txt", len(content), ContentFile(content))

    with pytest.raises(ValidationError, match="carries harmful software"):
        take(EICAR)
    take(b"Bevel the edges.")
    scanner.hangs_up = True
    with pytest.raises(ValidationError, match="Try again in a few minutes"):
        take(b"Bevel the edges.")
