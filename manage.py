#!/usr/bin/env python
"""Django's command line. Starts the embedded database and queue for commands that need them."""

import os
import sys

from django.core.management import execute_from_command_line

from config import embedded

# These read and write files only.
WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}


def main() -> None:
    """Run the command named on the command line; the embedded services stop with their last user."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "help")
    asks_for_help = {"-h", "--help", "--version"} & set(sys.argv)
    if command not in WITHOUT_SERVICES and not asks_for_help:
        try:
            embedded.ensure_running()
        except embedded.EmbeddedServiceError as error:
            sys.exit(f"manage.py: {error}")
    try:
        execute_from_command_line(sys.argv)
    finally:
        embedded.stop()


if __name__ == "__main__":
    main()
