"""Beds, in centimetres."""


class Bed:
    def __init__(self, width, margin=10):
        self.width, self.margin = width, margin

    def plants_per_row(self, distance):
        """Plants at a distance from each other, with a margin at both ends."""
        room = self.width - 2 * self.margin
        if room < 0:
            return 0
        return room // distance + 1
