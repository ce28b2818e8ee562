"""What search engines read of a model's page: schema.org vocabulary."""

from django.conf import settings
from django.urls import reverse

from core.addresses import absolute_url
from marketplace.embedding import embed_url
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
            "license": absolute(f"{reverse('licences')}#{model.license}"),
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
    trail = [*showcase.crumbs, {"label": model.title, "url": model.get_absolute_url()}]
    crumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": crumb["label"],
                "item": absolute(crumb["url"]),
            }
            for place, crumb in enumerate(trail, start=1)
        ],
    }
    return {"@graph": [product, crumbs]}
