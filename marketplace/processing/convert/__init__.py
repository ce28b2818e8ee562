"""Turns every format but GLB into the one internal GLB.

Two tools work one after the other. This one unpacks the upload, reads what the file says of its units, finds the
pictures that ride with it, and reads STL, PLY, STEP, 3MF, USDZ and glTF by itself. Node (node/convert.mjs) then reads
the others by assimp, and gives every model its upright stance, its scale in metres, its normals and its textures.
"""
