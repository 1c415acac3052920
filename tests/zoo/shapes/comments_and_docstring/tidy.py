"""Tidies lists."""

import functools


# first comment
@functools.wraps(  # wraps over several lines
    sorted
)
# between decorator and function
def tidy(
    items,  # anything that can be compared
    *,
    drop=(None,),
):  # fmt: skip
    """Not code:

def tidy(items):
    return items
    """
    kept = []; seen = set()
    for item in items:
        if item in drop or \
                item in seen:
            continue
        # the order of first appearance does not matter
        seen.add(item); kept.append(item)
    return sorted(kept)
# a comment that belongs to nobody
