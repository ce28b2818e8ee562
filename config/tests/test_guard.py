"""Production refuses to start with unsafe values."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from accounts.tests.factories import UserFactory

SECRET = "kZ4w8pT1qLr9sVx3mNc7bHj2dFg6yUe0aRi5oQt8zXv1nCl4kWp7"


def start(module="config.wsgi", **environment):
    """Import an entry point in a new process, as a server does."""
    database = connection.settings_dict
    address = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['OPTIONS']['host']}"
    production = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "example.org",
        "SITE_URL": "https://example.org",
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    kept = {name: value for name, value in os.environ.items() if name not in {"DEBUG", "ENVIRONMENT"}}
    return subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        env={**kept, **production, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"SECRET_KEY": ""}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "django-insecure-" + SECRET}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY must be"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must"),
        ({"SITE_URL": ""}, "SITE_URL must"),
        ({"SITE_URL": "example.org"}, "SITE_URL must"),
    ],
)
def test_production_does_not_start_with_an_unsafe_setting(environment, complaint):
    result = start(**environment)
    assert result.returncode != 0
    assert complaint in result.stderr


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("module", ["config.wsgi", "config.asgi"])
def test_production_does_not_start_on_a_database_with_demo_accounts(module):
    UserFactory(is_demo=True)
    result = start(module)
    assert result.returncode != 0
    assert "1 demo accounts" in result.stderr


@pytest.mark.django_db(transaction=True)
def test_production_starts_with_safe_settings_and_a_database_of_its_own():
    result = start()
    assert result.returncode == 0, result.stderr
