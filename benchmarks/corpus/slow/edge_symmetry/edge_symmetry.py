def one_way_edges(edges):
    """Edges whose opposite is not in the list."""
    return [(a, b) for (a, b) in edges if (b, a) not in edges]
