"""Sessions of a database that does not answer."""

from django.contrib.sessions.backends.base import SessionBase
from django.db import OperationalError


class SessionStore(SessionBase):
    def load(self):
        raise OperationalError("the connection is lost")
