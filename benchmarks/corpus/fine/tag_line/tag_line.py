def tag_line(tags):
    return ", ".join(tags)
