"""One function a model: each returns the bytes of a GLB, the same every time."""
