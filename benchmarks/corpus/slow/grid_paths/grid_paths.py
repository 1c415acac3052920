def count_paths(grid):
    """Count the ways from the top left to the bottom right, moving right or down, around cells marked '#'."""
    rows = len(grid)
    cols = len(grid[0])

    def walk(row, col):
        if row >= rows or col >= cols or grid[row][col] == "#":
            return 0
        if row == rows - 1 and col == cols - 1:
            return 1
        return walk(row + 1, col) + walk(row, col + 1)

    return walk(0, 0)
