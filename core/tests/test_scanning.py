"""The malware scanner's protocol, against a server on loopback."""

import socket
import threading
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError

from core.scanning import BLOCK_BYTES, ScannerAway, is_away, malware_in, refuse_malware
from core.tests.clamd import EICAR, clamd


@pytest.fixture
def scanner(settings):
    cache.clear()
    with clamd() as server:
        settings.CLAMD = server.address
        yield server


def test_without_the_setting_nothing_is_scanned(settings):
    settings.CLAMD = ""
    content = BytesIO(EICAR)
    assert malware_in(content) == ""
    assert content.tell() == 0


def test_what_is_known_is_named_wherever_it_stands_and_the_rest_is_clean(scanner):
    assert malware_in(BytesIO(EICAR)) == "Eicar-Signature"
    assert malware_in(BytesIO(b"x" * (BLOCK_BYTES - 20) + EICAR + b"y" * BLOCK_BYTES)) == "Eicar-Signature"
    assert malware_in(BytesIO(b"a chair")) == ""
    assert malware_in(BytesIO(b"")) == ""
    assert scanner.seen[1] == 2 * BLOCK_BYTES - 20 + len(EICAR)


def test_a_scanner_that_says_nothing_or_has_had_enough_or_is_gone_is_away_until_it_answers(scanner, settings):
    scanner.hangs_up = True
    with pytest.raises(ScannerAway):
        malware_in(BytesIO(b"a chair"))
    assert is_away()
    scanner.hangs_up = False
    assert malware_in(BytesIO(b"a chair")) == ""
    assert not is_away()
    scanner.most_bytes = 10
    with pytest.raises(ScannerAway):
        malware_in(BytesIO(b"x" * 1000))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.CLAMD = f"127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ScannerAway):
            malware_in(BytesIO(b"a chair"))
    settings.CLAMD = "unix:/nowhere/clamd.sock"
    with pytest.raises(ScannerAway):
        malware_in(BytesIO(b"a chair"))


def test_a_scanner_that_never_answers_is_given_up(settings):
    settings.CLAMD_SECONDS = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD = f"127.0.0.1:{silent.getsockname()[1]}"
        accepted: list = []
        threading.Thread(target=lambda: accepted.append(silent.accept()), daemon=True).start()
        with pytest.raises(ScannerAway):
            malware_in(BytesIO(b"a chair"))
        for connection, _address in accepted:
            connection.close()


def test_a_form_says_what_was_found_and_winds_the_upload_back(scanner):
    content = BytesIO(EICAR)
    with pytest.raises(ValidationError, match="carries harmful software \\(Eicar-Signature\\)"):
        refuse_malware(content, name="chair.zip")
    clean = BytesIO(b"a chair")
    clean.read()
    refuse_malware(clean, name="chair.zip")
    assert clean.read() == b"a chair"
    scanner.hangs_up = True
    with pytest.raises(ValidationError, match="does not answer"):
        refuse_malware(clean, name="chair.zip")
