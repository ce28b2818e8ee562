"""What search engines read of a course: JSON-LD of schema.org."""

from django.conf import settings
from django.urls import reverse

from blog.models import Course
from core.addresses import absolute_url
from core.structured_data import breadcrumbs


def course_json_ld(course: Course, *, request) -> dict:
    """The course and the way here."""
    page = absolute_url(course.get_absolute_url(), request=request)
    instructor: dict = {"@type": "Person", "name": course.instructor.display_name}
    if course.instructor.is_active:
        instructor["url"] = absolute_url(course.instructor.get_absolute_url(), request=request)
    described = {
        "@type": "Course",
        "name": course.title,
        "description": course.about,
        "url": page,
        "educationalLevel": course.get_difficulty_display(),
        "provider": {
            "@type": "Organization",
            "name": settings.SITE_NAME,
            "url": absolute_url("/", request=request),
        },
        "offers": {
            "@type": "Offer",
            "category": "Free" if course.is_free else "Paid",
            "price": str(course.price),
            "priceCurrency": settings.CURRENCY,
        },
        "hasCourseInstance": {
            "@type": "CourseInstance",
            "courseMode": "Online",
            "courseWorkload": f"PT{course.duration // 60}H{course.duration % 60}M",
            "instructor": instructor,
        },
    }
    if course.published_at:
        described["datePublished"] = course.published_at.isoformat()
    if course.picture_large:
        described["image"] = absolute_url(course.picture_large.url, request=request)
    trail = [("Courses", reverse("blog:courses")), (course.title, course.get_absolute_url())]
    return {"@graph": [described, breadcrumbs(trail, request=request)]}
