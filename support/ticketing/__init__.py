"""Tickets: what they are about, who may do what with them, what pages show, and what open pages are told."""
