def parse_header(line: str) -> tuple:
    """Name in lower case and value of a line like 'Content-Type: text/html'."""
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()
