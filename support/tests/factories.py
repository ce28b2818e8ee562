"""Makes texts of help and docs for tests."""

import factory
from factory.django import DjangoModelFactory

from support.models import DocSection, HelpArticle, HelpCategory


class HelpCategoryFactory(DjangoModelFactory):
    class Meta:
        model = HelpCategory

    name = factory.Sequence(lambda number: f"Buying {number}")
    slug = factory.Sequence(lambda number: f"buying-{number}")
    description = "Finding a model, paying, downloading."


class HelpArticleFactory(DjangoModelFactory):
    """A draft; `published=True` for one that everybody reads."""

    class Meta:
        model = HelpArticle

    class Params:
        published = factory.Trait(status=HelpArticle.Status.PUBLISHED)

    category = factory.SubFactory(HelpCategoryFactory)
    title = factory.Sequence(lambda number: f"How do I return a model, case {number}?")
    slug = factory.Sequence(lambda number: f"return-a-model-{number}")
    summary = "Ask for it in your library."
    content = "Within {{refund_days}} days, in your [library](/dashboard/purchases/)."


class DocSectionFactory(DjangoModelFactory):
    """A draft; `published=True` for one that everybody reads."""

    class Meta:
        model = DocSection

    class Params:
        published = factory.Trait(status=DocSection.Status.PUBLISHED)

    chapter = DocSection.Chapter.MODELS
    title = factory.Sequence(lambda number: f"Measures, part {number}")
    slug = factory.Sequence(lambda number: f"measures-{number}")
    summary = "What every number on a page means."
    content = "## Triangles\n\nAs drawn.\n\n## Textures\n\nIn pixels.\n\n## Size\n\nIn metres."
