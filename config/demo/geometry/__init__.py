"""Geometry of the demo models: meshes in metres with Y up, built from turned, swept, lofted and soft shapes."""
