"""What a view tells the person who asked for it."""


class CommunityRefused(Exception):
    """This cannot be done with a community as it is now; the text says why, to whoever asked."""
