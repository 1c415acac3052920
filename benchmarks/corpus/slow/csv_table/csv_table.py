def to_csv(rows):
    """Rows as lines of comma separated cells, each line ended."""
    out = ""
    for row in rows:
        line = ""
        for i in range(len(row)):
            if i > 0:
                line = line + ","
            line = line + str(row[i])
        out = "%s%s\n" % (out, line)
    return out
