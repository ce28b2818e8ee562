"""All categories at once."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.category_page import aisles_for


@require_safe
def categories(request):
    return render(request, "marketplace/category_list.html", {"aisles": aisles_for(request.user)})
