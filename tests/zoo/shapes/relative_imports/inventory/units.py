"""Packing units."""

BOX = 12


def boxes(pieces):
    return -(-pieces // BOX)
