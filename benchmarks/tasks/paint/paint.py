def paint(strokes, gap=0):
    """The coloured pieces of a fence, from left to right, after strokes of (start, end, colour) one after the other."""
    pieces = []
    for start, end, colour in sorted(strokes):
        if pieces and start <= pieces[-1][1] + gap:
            pieces[-1] = (pieces[-1][0], max(end, pieces[-1][1]), pieces[-1][2])
        else:
            pieces.append((start, end, colour))
    return pieces
