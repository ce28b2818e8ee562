"""Makes posts, comments and testimonials for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.tests.factories import UserFactory
from blog.models import BlogComment, BlogPost, Testimonial


class BlogPostFactory(DjangoModelFactory):
    """A draft; `published=True` for one that everybody sees."""

    class Meta:
        model = BlogPost

    class Params:
        published = factory.Trait(
            status=BlogPost.Status.PUBLISHED, published_at=factory.LazyFunction(timezone.now)
        )

    author = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda number: f"How to bake normals, part {number}")
    slug = factory.Sequence(lambda number: f"how-to-bake-normals-{number}")
    excerpt = "From a dense mesh to a light one."
    content = "## Before you start\n\nMake a cage that encloses the dense mesh.\n\n## The bake\n\nThen bake."
    category = BlogPost.Category.TUTORIALS


class BlogCommentFactory(DjangoModelFactory):
    class Meta:
        model = BlogComment

    post = factory.SubFactory(BlogPostFactory, published=True)
    author = factory.SubFactory(UserFactory)
    body = "This saved me an afternoon."


class TestimonialFactory(DjangoModelFactory):
    """One that waits; `approved=True` for one that is shown."""

    class Meta:
        model = Testimonial

    class Params:
        approved = factory.Trait(
            status=Testimonial.Status.APPROVED, decided_at=factory.LazyFunction(timezone.now)
        )

    author = factory.SubFactory(UserFactory)
    company = "Lighting artist"
    text = "Every model that I bought here had the measures that its page named. That is all I want."
    rating = 5
