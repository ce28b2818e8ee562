"""What the inspector's scripts are told of a model: measures of the original, which the preview does not show."""

from django.utils.text import slugify

from marketplace.showcase import Showcase


def inspector_facts(showcase: Showcase) -> dict:
    """Width, height and depth in metres (None where nothing was measured), and a name for files that are saved."""
    found = showcase.inspection
    return {
        "dimensions": found.dimensions if found else None,
        "file_name": slugify(showcase.model.title)[:60] or f"model-{showcase.model.pk}",
    }
