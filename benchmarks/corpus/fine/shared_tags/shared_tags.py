def shared_tags(left: set, right: set) -> set:
    return left & right
