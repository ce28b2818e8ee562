"""Puts limits on a process that then becomes a tool; also run by its folder's name, without this package around it."""
