"""Renders the poster and the turntable. Run as ``python -m marketplace.processing.render REQUEST.json``.

f3d draws where the machine can draw in software (EGL or OSMesa); elsewhere the rays are cast here, with embree.
"""
