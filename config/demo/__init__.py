"""The demo collection: a procedural generator of 3D models. The generator itself knows no Django."""
