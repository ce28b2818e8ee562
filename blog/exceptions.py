"""What can go wrong on the blog and in courses, as errors that a page turns into a sentence."""


class BlogError(Exception):
    """Base of them all; `str(error)` is a sentence for the person who asked."""


class PublishingRefused(BlogError):
    """The post cannot be shown so: its hour has passed, or it has no text."""


class CourseRefused(BlogError):
    """A course cannot be shown, deleted or taken so, or a lesson not be put there."""


class TestimonialRefused(BlogError):
    """A testimonial that was decided about meanwhile, or that cannot be featured."""
