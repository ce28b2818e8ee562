"""The site's addresses as they are while DEBUG is on. (Tests run with DEBUG off.)"""

from django.urls import include, path

urlpatterns = [path("", include("config.urls")), path("", include("core.debug_urls"))]
