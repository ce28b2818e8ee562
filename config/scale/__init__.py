"""A marketplace of any size, made up: what `seed_scale` loads.

Everything is drawn first, as arrays (`draws`), from one seed: so every counter is the number of its rows, and the same
seed gives the same marketplace. Then it is sent by COPY (`copying`) into tables without their secondary indexes,
foreign keys and triggers (`bare`), which are made again when the rows are there and check them.
"""
