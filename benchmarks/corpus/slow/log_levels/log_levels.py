import re


def count_level(lines, level):
    """Log lines of a level, such as '2024-05-01 12:00:00 [ERROR] disk full'."""
    count = 0
    for line in lines:
        pattern = re.compile(r"^\S+ \S+ \[" + re.escape(level) + r"\]")
        if pattern.search(line):
            count += 1
    return count
