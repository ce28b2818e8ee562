"""The site, and a view beside its pages that inserts one row in a transaction."""

from django.db import transaction
from django.http import HttpResponse
from django.urls import include, path

from core.models import AuditEntry


def row(request):
    with transaction.atomic():
        AuditEntry.objects.create(action="bench.row")
    return HttpResponse(b"1", headers={"Content-Length": "1"})


urlpatterns = [path("bench/row/", row), path("", include("config.urls"))]
