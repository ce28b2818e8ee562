"""Which file formats are taken in, and the switch that stops one."""

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from marketplace.actions.switching import switch_off, switch_on
from marketplace.models import FormatSwitch, ModelFile
from marketplace.processing.formats import FORMATS


class Command(BaseCommand):
    help = (
        "Lists the file formats, or switches one off or on. While a format is off no upload of it is taken, files of it"
        " that wait go on waiting, and their creators read why."
    )

    def add_arguments(self, parser):
        formats = [name.value for name in FORMATS]
        choice = {"type": str.lower, "choices": formats, "metavar": "FORMAT"}
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--off", **choice, help=f"switch off one of {', '.join(formats)}")
        which.add_argument("--on", **choice, help="switch on again, and queue what has waited")
        parser.add_argument(
            "--reason", default="", help="with --off: what creators read, up to 300 characters"
        )

    def handle(self, *args, off, on, reason, **options):
        if reason and not off:
            raise CommandError("--reason goes with --off.")
        if len(reason) > FormatSwitch._meta.get_field("reason").max_length:
            raise CommandError("The reason is longer than 300 characters.")
        if off:
            switch = switch_off(file_format=off, reason=reason.strip())
            self.stdout.write(f"Off. Creators read: {switch.refusal}")
        elif on:
            count = switch_on(file_format=on)
            self.stdout.write(f"On. Files that have waited and are queued now: {count}.")
        else:
            self._list()

    def _list(self):
        switches = {switch.format: switch for switch in FormatSwitch.objects.all()}
        waiting = dict(ModelFile.objects.unfinished().order_by().values_list("format").annotate(Count("pk")))
        for name, info in FORMATS.items():
            switch = switches.get(name.value)
            is_off = switch is not None and not switch.is_enabled
            state = f"off since {switch.updated_at:%Y-%m-%d %H:%M}" if is_off else "on"
            note = f"  {switch.reason}" if is_off and switch.reason else ""
            self.stdout.write(
                f"{name.value:<6} {info.label:<8} {state:<22} unfinished: {waiting.get(name.value, 0)}{note}"
            )
