"""Temperatures."""


def fahrenheit(celsius, digits=1):
    return round(celsius * 9 / 5 + 32, digits)
