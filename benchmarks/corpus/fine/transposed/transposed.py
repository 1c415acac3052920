def transpose(rows):
    return list(zip(*rows))
