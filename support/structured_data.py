"""What search engines read of help and docs: JSON-LD of schema.org."""

from django.urls import reverse

from core.addresses import absolute_url
from core.structured_data import breadcrumbs
from support.models import DocSection, HelpArticle
from support.reading import Text


def faq_json_ld(article: HelpArticle, text: Text, *, request) -> dict:
    """The question with its answer, and the way here."""
    page = absolute_url(article.get_absolute_url(), request=request)
    question = {
        "@type": "FAQPage",
        "url": page,
        "dateModified": article.updated_at.isoformat(),
        "mainEntity": [
            {
                "@type": "Question",
                "name": article.title,
                "acceptedAnswer": {"@type": "Answer", "text": str(text.html), "url": page},
            }
        ],
    }
    trail = [
        ("Help", reverse("support:help")),
        (article.category.name, article.category.get_absolute_url()),
        (article.title, article.get_absolute_url()),
    ]
    return {"@graph": [question, breadcrumbs(trail, request=request)]}


def section_json_ld(section: DocSection, text: Text, *, request) -> dict:
    """The section as a technical article, and the way here."""
    described = {
        "@type": "TechArticle",
        "headline": section.title,
        "description": text.summary,
        "url": absolute_url(section.get_absolute_url(), request=request),
        "articleSection": section.get_chapter_display(),
        "dateModified": section.updated_at.isoformat(),
    }
    trail = [("Docs", reverse("support:docs")), (section.title, section.get_absolute_url())]
    return {"@graph": [described, breadcrumbs(trail, request=request)]}
