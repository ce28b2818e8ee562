"""What the marketplace tells the apps above, once it is committed; nobody is asked anything by these."""

from django.dispatch import Signal

# With `model` and `files`: new files of a model that was on the marketplace before have been approved.
version_approved = Signal()
