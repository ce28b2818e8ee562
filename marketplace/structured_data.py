"""What search engines read of the pages of models, categories and collections: schema.org vocabulary."""

from django.conf import settings
from django.urls import reverse

from core.addresses import absolute_url
from core.structured_data import breadcrumbs
from marketplace.embedding import embed_url
from marketplace.models import Category, Collection
from marketplace.processing.formats import FORMATS, Format
from marketplace.showcase import Showcase


def _media_type(showcase: Showcase) -> str:
    file_format = Format(showcase.file.format) if showcase.file else Format.GLB
    return FORMATS[file_format].media_type


def product_json_ld(showcase: Showcase, *, request) -> dict:
    """Product with its 3D model and price, and the way here; see schema.org."""

    def absolute(path: str) -> str:
        return absolute_url(path, request=request)

    model = showcase.model
    page = absolute(model.get_absolute_url())
    images = []
    if not model.is_mature:
        # Search engines show pictures without asking who looks.
        pictures = [picture.image.url for picture in showcase.preview_images]
        images = [absolute(address) for address in [model.poster_large_url, *pictures] if address]
    creator = {
        "@type": "Person",
        "name": model.creator.display_name,
        "url": absolute(model.creator.get_absolute_url()),
    }
    product = {
        "@type": "Product",
        "@id": f"{page}#product",
        "name": model.title,
        "description": showcase.summary,
        "url": page,
        "sku": str(model.pk),
        "image": images,
        "brand": {"@type": "Brand", "name": model.creator.display_name},
        "offers": {
            "@type": "Offer",
            "url": page,
            "price": f"{model.price:.2f}",
            "priceCurrency": settings.CURRENCY,
            "availability": "https://schema.org/InStock",
            "seller": creator,
        },
        "subjectOf": {
            "@type": "3DModel",
            "name": model.title,
            "creator": creator,
            "license": absolute(model.licence.get_absolute_url()),
            "image": images[:1],
            "encoding": {
                "@type": "MediaObject",
                "encodingFormat": _media_type(showcase),
                "contentSize": str(showcase.file.size if showcase.file else 0),
                "embedUrl": embed_url(model, request=request),
            },
        },
    }
    if model.category:
        product["category"] = model.category.name
    if model.rating_count:
        product["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": f"{model.rating:.2f}",
            "ratingCount": model.rating_count,
        }
    trail = [(crumb["label"], crumb["url"]) for crumb in showcase.crumbs]
    trail.append((model.title, model.get_absolute_url()))
    return {"@graph": [product, breadcrumbs(trail, request=request)]}


def collection_json_ld(collection: Collection, models: list[int], *, request) -> dict:
    """The page of a collection with the models on it, by their ids in order, and the way here."""
    page = absolute_url(collection.get_absolute_url(), request=request)
    places = [absolute_url(reverse("marketplace:model", args=[pk]), request=request) for pk in models]
    described = {
        "@type": "CollectionPage",
        "name": collection.name,
        "url": page,
        "dateModified": collection.changed_at.isoformat(),
        "author": {
            "@type": "Person",
            "name": collection.owner.display_name,
            "url": absolute_url(collection.owner.get_absolute_url(), request=request),
        },
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": len(places),
            "itemListElement": [
                {"@type": "ListItem", "position": place, "url": address}
                for place, address in enumerate(places, start=1)
            ],
        },
    }
    if collection.description:
        described["description"] = collection.description
    trail = [
        ("Collections", reverse("marketplace:collections")),
        (collection.name, collection.get_absolute_url()),
    ]
    return {"@graph": [described, breadcrumbs(trail, request=request)]}


def shelf_json_ld(category: Category, *, request) -> dict:
    """The page of a category, and the way here."""
    described = {
        "@type": "CollectionPage",
        "name": category.name,
        "url": absolute_url(category.get_absolute_url(), request=request),
    }
    if category.description:
        described["description"] = category.description
    trail = [
        ("Models", reverse("marketplace:grid")),
        (category.name, category.get_absolute_url()),
    ]
    return {"@graph": [described, breadcrumbs(trail, request=request)]}
