"""Sending what was drawn, a module a kind of rows."""
