"""Things that contain things by name: a few lines of text can describe a scene of billions."""

from collections.abc import Hashable, Mapping, Sequence

from ..tool import FileRejected


def unfolded_sizes(
    children: Mapping[Hashable, Sequence[Hashable]], own: Mapping[Hashable, int], *, max_depth: int
) -> dict[Hashable, int]:
    """For each thing its own size and that of all it contains, however often.

    Raises FileRejected where things contain each other in a circle, or deeper than ``max_depth``.
    """
    sizes: dict[Hashable, int] = {}
    depths: dict[Hashable, int] = {}
    for root in children:
        path: list[tuple[Hashable, int]] = [(root, 0)]
        on_path = {root}
        while path:
            thing, position = path.pop()
            below = children.get(thing, ())
            if thing in sizes or position == len(below):
                if thing not in sizes:
                    sizes[thing] = own.get(thing, 0) + sum(sizes[child] for child in below)
                    depths[thing] = 1 + max((depths[child] for child in below), default=0)
                    if depths[thing] > max_depth:
                        raise FileRejected("nodes_too_deep", limit=max_depth)
                on_path.discard(thing)
                continue
            path.append((thing, position + 1))
            child = below[position]
            if child in on_path:
                raise FileRejected("node_loop")
            if child not in sizes:
                path.append((child, 0))
                on_path.add(child)
    return sizes
