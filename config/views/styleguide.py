"""Every component in every state, for those who build pages (DEBUG only)."""

from django.shortcuts import render


def styleguide(request):
    return render(request, "pages/styleguide.html")
