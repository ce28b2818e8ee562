"""How a creator's models are sorted on the inventory page."""

from django.db.models import Case, Count, OuterRef, When
from django.urls import reverse

from marketplace.models import Model3D, ModelFile

_URGENT_FIRST = (
    ModelFile.State.FAILED,
    ModelFile.State.PROCESSING,
    ModelFile.State.QUEUED,
    ModelFile.State.READY,
)


def inventory_rows(models):
    """All that a row of the page shows, last changed first: `file_state` is that of the file most in need of a look."""
    urgency = Case(*(When(state=state, then=rank) for rank, state in enumerate(_URGENT_FIRST)))
    files = ModelFile.objects.filter(model=OuterRef("pk")).order_by(urgency, "-pk")
    return (
        models.select_related("category", "current_file")
        .annotate(file_state=files.values("state")[:1])
        .order_by("-updated_at", "-pk")
    )


def status_tabs(models, *, current: str) -> list[dict]:
    """One tab a status, with counts, as the component `tabs` wants them."""
    counts = dict(models.order_by().values_list("status").annotate(Count("pk")))
    address = reverse("marketplace:inventory")
    tabs = [
        {
            "label": label,
            "url": f"{address}?status={status}",
            "count": counts.get(status, 0),
            "is_current": status == current,
        }
        for status, label in Model3D.Status.choices
    ]
    everything = {
        "label": "All",
        "url": address,
        "count": sum(counts.values()),
        "is_current": current not in Model3D.Status.values,
    }
    return [everything, *tabs]
