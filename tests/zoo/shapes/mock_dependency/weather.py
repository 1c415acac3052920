"""What to wear."""

import json
import urllib.request


def fetch(town):
    with urllib.request.urlopen(f"http://weather.invalid/{town}") as reply:
        return json.load(reply)


def advice(town):
    try:
        today = fetch(town)
    except OSError:
        return "look out of the window"
    if today.get("rain", 0) > 0.5:
        return "umbrella"
    return "coat" if today["celsius"] < 10 else "shirt"
