def strip_characters(text, unwanted):
    """The text without any of the unwanted characters."""
    kept = []
    for i in range(len(text)):
        drop = False
        for u in unwanted:
            if text[i] == u:
                drop = True
        if not drop:
            kept.append(text[i])
    return "".join(kept)
