"""What is sealed says nothing without the keys, opens for its owner alone, and outlives a change of keys."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from accounts.tests.factories import UserFactory
from commerce.checks import payout_keys
from commerce.sealing import SealBroken, can_seal, is_key, reseal, seal, unseal
from commerce.tests.payouts import IBAN, details_of

VALUES = {"holder": "Ana Ruiz", "iban": IBAN}


def a_key() -> str:
    return Fernet.generate_key().decode()


def test_another_persons_row_does_not_open():
    with pytest.raises(SealBroken):
        unseal(seal(VALUES, owner=1), owner=2)


def test_a_changed_text_does_not_open():
    sealed = seal(VALUES, owner=1)
    with pytest.raises(SealBroken):
        unseal(sealed[:-8] + "AAAAAAA=", owner=1)


def test_without_the_key_nothing_opens(settings):
    settings.PAYOUT_ENCRYPTION_KEYS = [a_key()]
    sealed = seal(VALUES, owner=1)
    settings.PAYOUT_ENCRYPTION_KEYS = [a_key()]
    with pytest.raises(SealBroken):
        unseal(sealed, owner=1)
    with pytest.raises(SealBroken):
        reseal(sealed)


def test_nothing_of_it_can_be_read_in_the_row():
    sealed = seal(VALUES, owner=1)
    assert not [word for word in ("Ana", "Ruiz", IBAN, IBAN[-6:]) if word in sealed]
    assert unseal(sealed, owner=1) == VALUES


def test_the_same_is_never_sealed_to_the_same():
    assert seal(VALUES, owner=1) != seal(VALUES, owner=1)


def test_in_production_there_is_no_key_of_itself(settings):
    settings.PRODUCTION, settings.PAYOUT_ENCRYPTION_KEYS = True, []
    assert not can_seal()
    assert [problem.id for problem in payout_keys(None)] == ["commerce.E020"]
    with pytest.raises(ImproperlyConfigured):
        seal(VALUES, owner=1)


def test_what_is_no_key_is_an_error(settings):
    settings.PAYOUT_ENCRYPTION_KEYS = [a_key(), "sesame"]
    assert not is_key("sesame")
    assert [problem.id for problem in payout_keys(None)] == ["commerce.E021"]


def test_production_with_a_key_has_nothing_to_complain_about(settings):
    settings.PRODUCTION, settings.PAYOUT_ENCRYPTION_KEYS = True, [a_key()]
    assert payout_keys(None) == []


@pytest.mark.django_db
def test_after_the_command_the_old_key_is_not_needed(settings):
    old, new = a_key(), a_key()
    settings.PAYOUT_ENCRYPTION_KEYS = [old]
    details = details_of(UserFactory())
    settings.PAYOUT_ENCRYPTION_KEYS = [new, old]
    call_command("rotate_payout_keys", verbosity=0)
    settings.PAYOUT_ENCRYPTION_KEYS = [new]
    details.refresh_from_db()
    assert details.opened()["iban"] == IBAN


@pytest.mark.django_db
def test_the_command_says_what_no_key_opens(settings):
    settings.PAYOUT_ENCRYPTION_KEYS = [a_key()]
    details_of(UserFactory())
    settings.PAYOUT_ENCRYPTION_KEYS = [a_key()]
    with pytest.raises(CommandError, match="1 are opened by no key"):
        call_command("rotate_payout_keys", verbosity=0)
