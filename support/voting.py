"""Who votes: the person who is signed in, and the browser by a random number in its session."""

import uuid

from support.actions.votes import Voter

SESSION_KEY = "help_browser"


def voter_of(request, *, makes_known: bool = False) -> Voter:
    """Who asks; `makes_known` gives a visitor's browser its number, and so a session, where it has none."""
    browser = request.session.get(SESSION_KEY)
    if request.user.is_authenticated:
        return Voter(user=request.user, browser=uuid.UUID(browser) if browser else None)
    if not browser and makes_known:
        browser = request.session[SESSION_KEY] = uuid.uuid4().hex
    return Voter(browser=uuid.UUID(browser) if browser else None)
