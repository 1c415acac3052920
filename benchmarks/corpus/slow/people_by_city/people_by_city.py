from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    name: str
    city: str


def group_by_city(people):
    """Names per city; cities sorted, names in the given order."""
    cities = sorted(set(person.city for person in people))
    groups = {}
    for city in cities:
        groups[city] = [person.name for person in people if person.city == city]
    return groups
