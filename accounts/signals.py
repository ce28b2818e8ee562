"""What accounts tells the apps above, once it is committed; nobody is asked anything by these."""

from django.dispatch import Signal

# With `user`: the person was suspended or restored, and with them went or came what they published.
standing_changed = Signal()

# With `blocker` and `blocked`: whatever binds one to the other is to end, both ways.
person_blocked = Signal()
