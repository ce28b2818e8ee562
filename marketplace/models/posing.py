"""From where a model's poster is taken, where its creator has chosen another view than the usual one."""

from django.db import models
from django.db.models import Q

from core.models import TimestampedModel
from marketplace.models.model3d import Model3D
from marketplace.processing.types import Angle


class PosterAngle(TimestampedModel):
    """The view of one model, for all of its files and versions; without a row it is the usual one."""

    model = models.OneToOneField(Model3D, models.CASCADE, related_name="poster_angle")
    azimuth = models.SmallIntegerField(help_text="Degrees: 0 looks at the front, 90 at the right side.")
    elevation = models.SmallIntegerField(help_text="Degrees above the horizon; negative from below.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(azimuth__gte=-Angle.MAX_AZIMUTH, azimuth__lte=Angle.MAX_AZIMUTH),
                name="poster_angle_azimuth_range",
            ),
            models.CheckConstraint(
                condition=Q(elevation__gte=-Angle.MAX_ELEVATION, elevation__lte=Angle.MAX_ELEVATION),
                name="poster_angle_elevation_range",
            ),
        ]

    def __str__(self):
        return f"{self.azimuth}°, {self.elevation}°"
