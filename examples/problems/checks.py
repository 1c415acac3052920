"""Checks for `secant solve`: whether a packing is possible, and whether it needs no more boxes than the weight does."""

import math
import re

WEIGHTS = [9, 8, 7, 6, 5, 4, 1]
LIMIT = 20


def packs(solution, answer):
    """A score from 0 to 1 with what is wrong."""
    lines = re.findall(r"^Box \d+: *(.+)$", solution, re.MULTILINE)
    boxes = [[int(weight) for weight in re.findall(r"\d+", line.partition("=")[0])] for line in lines]
    if sorted(sum(boxes, [])) != sorted(WEIGHTS):
        return 0.0, f"the boxes hold {sorted(sum(boxes, []))}, and the parcels are {sorted(WEIGHTS)}"
    heavy = [box for box in boxes if sum(box) > LIMIT]
    if heavy:
        return 0.0, f"a box with {heavy[0]} weighs {sum(heavy[0])} kg, more than {LIMIT}"
    if answer != str(len(boxes)):
        return 0.25, f"there are {len(boxes)} boxes, and the answer says {answer}"
    needed = math.ceil(sum(WEIGHTS) / LIMIT)
    if len(boxes) > needed:
        return 0.5, f"it packs everything into {len(boxes)} boxes; {sum(WEIGHTS)} kg might fit into {needed}"
    return True
