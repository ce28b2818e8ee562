class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why and what helps."""
