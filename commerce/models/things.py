"""What is sold: a model, or a course. Part of `Transaction` and `Purchase`."""

from django.db import models
from django.db.models import Q

from blog.models import Course
from marketplace.models import License, Model3D


def one_thing() -> Q:
    """The condition of the constraint: exactly one of the two."""
    is_model = Q(model__isnull=False, course__isnull=True)
    return is_model | Q(model__isnull=True, course__isnull=False)


class ThingMixin(models.Model):
    """One of a model and a course."""

    model = models.ForeignKey(Model3D, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def thing(self) -> Model3D | Course:
        """Whoever asks for many selects both."""
        return self.model if self.model_id is not None else self.course


class SoldThingMixin(ThingMixin):
    """With the terms on which it was sold, as they were then."""

    # Empty for a course, which is watched and not handed on.
    license = models.CharField(max_length=20, blank=True)
    # Of the licence's text that was agreed to.
    license_version = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    @property
    def license_name(self) -> str:
        """As lists name it; of a course, which has none, that it is one."""
        if self.course_id is not None:
            return "Course"
        return License(self.license).label if self.license in License.values else self.license
