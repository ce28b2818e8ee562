"""95th percentiles of a small site's pages against those of a large one's, and whether they are within bounds."""

import statistics
from collections.abc import Sequence


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def print_head(small: str = "small") -> None:
    """The head of a table of `print_row`s; `small` says what the first column of figures is of."""
    print(f"\n{'p95, milliseconds':<20}{small:>9}{'large':>9}{'ratio':>8}")


def print_row(name: str, small: Sequence[float], large: Sequence[float], *, at_most: float) -> bool:
    """A page's line, of seconds measured; whether the large one's is at most so many times the small one's."""
    few, many = 1000 * p95(small), 1000 * p95(large)
    is_within = many <= at_most * few
    medians = ", ".join(f"{1000 * statistics.median(taken):.0f}" for taken in (small, large))
    verdict = "PASS" if is_within else "FAIL"
    print(f"{name:<20}{few:>9.1f}{many:>9.1f}{many / few:>8.2f}  {verdict}  (medians {medians})", flush=True)
    return is_within
