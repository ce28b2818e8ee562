"""Which views of the turntable a gallery shows."""

from dataclasses import dataclass

# Of the turntable those views that a gallery shows, by the eighth of a full turn.
GALLERY_VIEWS = {
    1: "turned an eighth",
    3: "from the side",
    5: "from behind",
    7: "from the other side",
}


@dataclass(frozen=True)
class Frame:
    """One view of the turntable, as the part of the sprite to cut out; sizes in pixels."""

    number: int
    label: str
    columns: int
    width: int
    height: int

    @property
    def view_box(self) -> str:
        x = self.number % self.columns * self.width
        y = self.number // self.columns * self.height
        return f"{x} {y} {self.width} {self.height}"
