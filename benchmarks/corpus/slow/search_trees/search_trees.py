def count_trees(n):
    # how many differently shaped binary trees have n nodes
    if n <= 1:
        return 1
    total = 0
    for left in range(n):
        total += count_trees(left) * count_trees(n - 1 - left)
    return total
