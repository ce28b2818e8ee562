"""Figures in what lists say of help and docs."""

from django import template

from support.figures import filled

register = template.Library()


@register.filter
def figures(text: str) -> str:
    """`{{ article.summary|figures }}`: with what the settings say where the text names it."""
    return filled(text)
