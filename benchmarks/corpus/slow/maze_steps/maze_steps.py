def fewest_steps(maze, start, goal):
    """Fewest steps from start to goal over '.' cells, or -1."""
    queue = [(start, 0)]
    visited = [start]
    while queue:
        (row, col), steps = queue.pop(0)
        if (row, col) == goal:
            return steps
        for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            cell = (row + dr, col + dc)
            if 0 <= cell[0] < len(maze) and 0 <= cell[1] < len(maze[0]):
                if maze[cell[0]][cell[1]] == "." and cell not in visited:
                    visited.append(cell)
                    queue.append((cell, steps + 1))
    return -1
