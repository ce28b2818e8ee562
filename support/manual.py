"""The docs as a book: chapters of sections, and which section comes before and after another."""

from functools import cached_property

from support.models import DocSection

# More than a navigation can show.
MOST = 200


class Manual:
    """What `viewer` may read of the docs, in its order: one query."""

    def __init__(self, *, viewer) -> None:
        self._viewer = viewer

    @cached_property
    def sections(self) -> list[DocSection]:
        return list(DocSection.objects.visible_to(self._viewer).in_order().for_lists()[:MOST])

    @property
    def chapters(self) -> list[tuple[str, list[DocSection]]]:
        """The name of each chapter that has something, with its sections."""
        found = [
            (chapter.label, [section for section in self.sections if section.chapter == chapter])
            for chapter in DocSection.Chapter
        ]
        return [(label, sections) for label, sections in found if sections]

    def before(self, section: DocSection) -> DocSection | None:
        return self._beside(section, -1)

    def after(self, section: DocSection) -> DocSection | None:
        return self._beside(section, 1)

    def _beside(self, section: DocSection, step: int) -> DocSection | None:
        places = {row.pk: place for place, row in enumerate(self.sections)}
        place = places.get(section.pk, -2) + step
        return self.sections[place] if 0 <= place < len(self.sections) else None
