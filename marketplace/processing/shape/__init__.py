"""The shape of a surface as a short vector: what a model looks like, whatever its place, turn, size or triangles."""

# Numbers in a fingerprint's vector.
DIMENSIONS = 64
# Goes up with every change after which fingerprints made before and after it do not compare.
VERSION = 1
