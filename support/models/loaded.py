"""What `load_help` has written, so that it never takes back what people changed."""

from django.db import models


class LoadedFile(models.Model):
    """A file of the project's help, and what of it was written last: a digest of the row as it was then."""

    path = models.CharField(max_length=120, unique=True)
    digest = models.CharField(max_length=64)

    def __str__(self):
        return self.path
