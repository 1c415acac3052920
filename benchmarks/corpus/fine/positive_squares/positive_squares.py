def positive_squares(values):
    return [value * value for value in values if value > 0]
