"""Finding models. The rest of the site knows this package's few names; which engine answers is its own business.

Now it is PostgreSQL's full text over `Model3D.search_vector`, which triggers keep (migration 0002_search).
"""

from marketplace.search.criteria import Criteria, Sort
from marketplace.search.engine import MAX_COUNT, search
from marketplace.search.facets import Facets, facets_of
from marketplace.search.forms import SearchForm

__all__ = ["MAX_COUNT", "Criteria", "Facets", "SearchForm", "Sort", "facets_of", "search"]
