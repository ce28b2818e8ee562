"""What can go wrong on the blog, as errors that a page turns into a sentence."""


class BlogError(Exception):
    """Base of them all; `str(error)` is a sentence for the person who asked."""


class PublishingRefused(BlogError):
    """The post cannot be shown so: its hour has passed, or it has no text."""


class TestimonialRefused(BlogError):
    """A testimonial that was decided about meanwhile, or that cannot be featured."""
