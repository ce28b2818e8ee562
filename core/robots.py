"""What programs that read the site may do with a page: list it, and train AI on it.

Training is refused in the words that readers of the web have agreed on so far: `noai` and `noimageai` beside the
words for search engines, and the reservation of rights for text and data mining (TDMRep, article 4 of the European
directive 2019/790), which a program can read and a court can too.
"""

from django.http import HttpResponse

TRAINING_REFUSED = "noai, noimageai"


def robots_words(*, is_indexed: bool, may_train: bool) -> str:
    """For `<meta name="robots">` and the header of the same meaning; empty where nothing is refused."""
    words = [] if is_indexed else ["noindex"]
    return ", ".join(words if may_train else [*words, TRAINING_REFUSED])


def tell_robots(response: HttpResponse, *, is_indexed: bool, may_train: bool) -> HttpResponse:
    """Say it in the headers of an answer, which pictures, models and data have too; returns the answer."""
    words = robots_words(is_indexed=is_indexed, may_train=may_train)
    if words:
        response["X-Robots-Tag"] = words
    response["TDM-Reservation"] = "0" if may_train else "1"
    return response
