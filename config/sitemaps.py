"""All sections of the sitemap: the site's own pages, and what each app describes of itself."""

from django.urls import reverse

from accounts.sitemaps import SECTIONS as PEOPLE
from blog.sitemaps import SECTIONS as BLOG
from commerce.bounties.sitemaps import SECTIONS as BOUNTIES
from community.sitemaps import SECTIONS as COMMUNITIES
from core.sitemaps import Entry, FixedSection, Section
from marketplace.models import License
from marketplace.sitemaps import SECTIONS as MARKETPLACE
from support.sitemaps import SECTIONS as SUPPORT

# Pages that always stand.
PAGES = (
    "home",
    "marketplace:grid",
    "marketplace:categories",
    "marketplace:collections",
    "commerce:bounties",
    "commerce:pricing",
    "community:communities",
    "blog:posts",
    "blog:courses",
    "blog:testimonials",
    "support:help",
    "support:docs",
    "about",
    "licences",
    "commerce:refund_rules",
    "terms",
    "creator_terms",
    "privacy",
    "contact",
    "support:new_claim",
)


def _pages() -> list[Entry]:
    licences = [reverse("licence", args=[licence.slug]) for licence in License]
    return [Entry(path) for path in [*map(reverse, PAGES), *licences]]


SECTIONS: dict[str, Section] = {
    section.name: section
    for section in [
        FixedSection("pages", _pages),
        *(*MARKETPLACE, *BOUNTIES, *BLOG, *COMMUNITIES, *PEOPLE, *SUPPORT),
    ]
}
