"""Finding models. The rest of the site knows this package's few names; which engine answers is its own business.

Now it is PostgreSQL's full text over `Model3D.search_vector`, which triggers keep (migration 0002_search), and words
for all other properties in `Model3D.facets` (0015_facets).
"""

from marketplace.search.criteria import Criteria, Sort
from marketplace.search.engine import MAX_COUNT, near, ranks_all_sooner, search
from marketplace.search.facets import Counts, Facets, facets_of
from marketplace.search.forms import SearchForm, clean_text
from marketplace.search.paging import LAST_PAGE, PAGE_SIZE, Page, page_of
from marketplace.search.vocabulary import FACETS, Facet, Option
from marketplace.search.words import corrected, words_beginning

__all__ = [
    "FACETS",
    "LAST_PAGE",
    "MAX_COUNT",
    "PAGE_SIZE",
    "Counts",
    "Criteria",
    "Facet",
    "Facets",
    "Option",
    "Page",
    "SearchForm",
    "Sort",
    "clean_text",
    "corrected",
    "facets_of",
    "near",
    "page_of",
    "ranks_all_sooner",
    "search",
    "words_beginning",
]
