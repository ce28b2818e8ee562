"""Searching the whole site: one query over every kind of thing that can be found; each kind is one entry in `KINDS`."""

from config.search.page import SearchPage

__all__ = ["SearchPage"]
