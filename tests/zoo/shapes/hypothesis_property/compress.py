"""Packs runs of equal numbers."""


def pack(numbers):
    packed = []
    for number in numbers:
        if packed and packed[-1][0] == number:
            packed[-1] = (number, packed[-1][1] + 1)
        else:
            packed.append((number, 1))
    return packed


def unpack(packed):
    return [number for number, count in packed for _ in range(count)]
