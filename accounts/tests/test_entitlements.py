"""What a person may use: the site's limits, or those written for them."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from accounts.entitlements import entitle, entitlements_of, everybodys_limits
from accounts.models import Entitlements
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
GB = 1024**3


def test_who_has_no_row_has_what_the_settings_say(settings):
    settings.STORAGE_QUOTA_BYTES, settings.PRIVATE_MODELS = 100, 2
    limits = entitlements_of(UserFactory())
    assert limits == everybodys_limits()
    assert (limits.storage_bytes, limits.private_models, limits.label) == (100, 2, "Free")


def test_a_row_is_one_persons_alone_and_goes_without_trace():
    person, other = UserFactory(), UserFactory()
    large = replace(everybodys_limits(), label="Pro", storage_bytes=5 * GB)
    for _ in range(2):
        entitle(user=person, limits=large)
    assert entitlements_of(person) == large
    assert entitlements_of(other) == everybodys_limits()
    for _ in range(2):
        entitle(user=person, limits=None)
    assert entitlements_of(person) == everybodys_limits()


def test_nobody_may_send_a_larger_file_than_the_site_processes(settings):
    person = UserFactory()
    settings.MAX_UPLOAD_BYTES = 1000
    assert entitlements_of(person).max_upload_bytes == 1000
    entitle(user=person, limits=replace(everybodys_limits(), max_upload_bytes=5000))
    assert entitlements_of(person).max_upload_bytes == 1000


@pytest.mark.parametrize("name", ["max_upload_bytes", "storage_bytes", "analytics_days"])
def test_the_database_refuses_limits_that_leave_nothing(name):
    person = UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        entitle(user=person, limits=replace(everybodys_limits(), **{name: 0}))
    assert not Entitlements.objects.exists()
