"""Materials of the demo models: plain finishes and procedural, tileable textures."""
