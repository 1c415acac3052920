def reachable(edges, start):
    """Nodes that can be reached from start along directed edges, start included, sorted."""
    visited = []
    todo = [start]
    while todo:
        node = todo.pop()
        if node in visited:
            continue
        visited.append(node)
        for source, target in edges:
            if source == node and target not in visited:
                todo.append(target)
    return sorted(visited)
