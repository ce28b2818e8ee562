"""Everything the demo shop sells: CATEGORIES, CREATORS and CATALOGUE."""

from config.demo.catalogue import (
    architecture,
    characters,
    electronics,
    fantasy,
    furniture,
    games,
    home,
    nature,
    printable,
    vehicles,
)
from config.demo.catalogue.entry import LICENCES, DemoCategory, DemoCreator, DemoModel
from config.demo.catalogue.people import CATEGORIES, CREATORS

CATALOGUE: tuple[DemoModel, ...] = (
    *furniture.MODELS,
    *home.MODELS,
    *electronics.MODELS,
    *vehicles.MODELS,
    *characters.MODELS,
    *architecture.MODELS,
    *nature.MODELS,
    *fantasy.MODELS,
    *games.MODELS,
    *printable.MODELS,
)

__all__ = ["CATALOGUE", "CATEGORIES", "CREATORS", "LICENCES", "DemoCategory", "DemoCreator", "DemoModel"]
