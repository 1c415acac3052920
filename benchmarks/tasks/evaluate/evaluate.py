import re


def evaluate(text):
    """The value of an arithmetic expression over whole numbers, as the budget sheets write them."""
    tokens = re.findall(r"\d+|[-+*/]", text)
    value = int(tokens[0])
    for operator, operand in zip(tokens[1::2], tokens[2::2]):
        operand = int(operand)
        if operator == "+":
            value += operand
        elif operator == "-":
            value -= operand
        elif operator == "*":
            value *= operand
        else:
            value //= operand
    return value
