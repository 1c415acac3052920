"""A robot on a grid."""


def move(position, command):
    x, y = position
    match command.split():
        case ["go", "north" | "up"]:
            return x, y + 1
        case ["go", "south" | "down"]:
            return x, y - 1
        case ["jump", dx, dy]:
            return x + int(dx), y + int(dy)
        case []:
            return position
        case _:
            raise ValueError(command)
