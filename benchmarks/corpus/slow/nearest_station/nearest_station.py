import math


def to_radians(place):
    lat, lon = place
    return math.radians(lat), math.radians(lon)


def assign(visitors, stations):
    """Index of the nearest station for each visitor, by equirectangular distance; the first of equals."""
    result = []
    for visitor in visitors:
        best, best_distance = -1, math.inf
        for index, station in enumerate(stations):
            lat, lon = to_radians(visitor)
            other_lat, other_lon = to_radians(station)
            dx = (other_lon - lon) * math.cos(lat)
            distance = dx * dx + (other_lat - lat) ** 2
            if distance < best_distance:
                best, best_distance = index, distance
        result.append(best)
    return result
