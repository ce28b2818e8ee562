"""Makes posts, comments, courses and testimonials for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.tests.factories import UserFactory
from blog.models import BlogComment, BlogPost, Course, CourseEnrollment, Lesson, Testimonial


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


class CourseFactory(DjangoModelFactory):
    """A draft; `published=True` for one with a lesson that everybody sees."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    instructor = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda number: f"Rig a lamp, part {number}")
    slug = factory.Sequence(lambda number: f"rig-a-lamp-{number}")
    summary = "Four bones, and none too many."
    description = "You put **joints** where screws are."
    difficulty = Course.Difficulty.BEGINNER

    @factory.post_generation
    def published(self, create, extracted, **kwargs):
        if extracted:
            LessonFactory(course=self)
            self.lessons_count, self.duration = 1, 10
            self.publish()
            self.save()


class LessonFactory(DjangoModelFactory):
    """The next lesson of a course; nobody has counted it."""

    class Meta:
        model = Lesson

    course = factory.SubFactory(CourseFactory)
    position = factory.LazyAttribute(lambda lesson: lesson.course.lessons.count() + 1)
    title = factory.Sequence(lambda number: f"Joints go where screws are, part {number}")
    text = "Select the screw, then the bone."
    minutes = 10
    announced_at = factory.LazyFunction(timezone.now)


class CourseEnrollmentFactory(DjangoModelFactory):
    class Meta:
        model = CourseEnrollment

    course = factory.SubFactory(CourseFactory, published=True)
    user = factory.SubFactory(UserFactory)


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
