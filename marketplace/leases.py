"""Who works on a file: a lease in the file's row, renewed while the work goes on.

A worker that dies stops renewing, and the file becomes free again; one that was only thought dead finds its token gone
and stores nothing any more.
"""

import logging
import threading
import uuid
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from marketplace.exceptions import LeaseLost
from marketplace.models import ModelFile

logger = logging.getLogger(__name__)

DURATION = timedelta(seconds=60)
RENEWAL_SECONDS = 15


class Lease:
    """The right to process one file, as long as its `with` block runs.

    >>> lease = Lease.take(file_id)
    >>> with lease:
    ...     work()
    """

    def __init__(self, file_id: int, token: uuid.UUID) -> None:
        self.file_id = file_id
        self.token = token
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_ended, name=f"lease-{file_id}", daemon=True)

    @classmethod
    def take(cls, file_id: int) -> "Lease | None":
        """Claim a file and count the attempt; None where it is finished, gone, or another worker has it."""
        token = uuid.uuid4()
        now = timezone.now()
        taken = (
            ModelFile.objects.filter(pk=file_id)
            .claimable(now)
            .update(
                state=ModelFile.State.PROCESSING,
                lease_token=token,
                lease_expires_at=now + DURATION,
                attempts=F("attempts") + 1,
                updated_at=now,
            )
        )
        return cls(file_id, token) if taken else None

    @staticmethod
    def void(token: uuid.UUID) -> bool:
        """Free a file whose worker is known to be dead, before its lease lapses."""
        return bool(
            ModelFile.objects.unfinished()
            .filter(lease_token=token)
            .update(lease_token=None, lease_expires_at=None, updated_at=timezone.now())
        )

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(self, *exc_info) -> None:
        self._ended.set()
        self._thread.join()

    def locked_file(self) -> ModelFile:
        """The file's row, locked until the end of the transaction.

        Raises:
            LeaseLost: another worker has it, or it was deleted.
        """
        file = ModelFile.objects.select_for_update().filter(pk=self.file_id, lease_token=self.token).first()
        if file is None:
            raise LeaseLost(f"The lease on file {self.file_id} is lost.")
        return file

    def _renew_until_ended(self) -> None:
        try:
            while not self._ended.wait(RENEWAL_SECONDS):
                self._renew()
        finally:
            # This thread has a database connection of its own.
            connection.close()

    def _renew(self) -> None:
        try:
            ModelFile.objects.filter(pk=self.file_id, lease_token=self.token).update(
                lease_expires_at=timezone.now() + DURATION
            )
        except Exception:
            # The database may be back by the next renewal; where not, the lease lapses as it should.
            logger.exception("The lease on file %s could not be renewed.", self.file_id)
            connection.close()
