"""Counts visits."""


def visit(page):
    visit.count += 1
    visit.pages.add(page)
    return len(visit.pages)


visit.count = 0
visit.pages = set()
