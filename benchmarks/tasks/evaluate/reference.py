import math
import re


class _NoValue(Exception):
    pass


class _Parser:
    def __init__(self, text):
        self.tokens = re.findall(r"\d[\d_]*|\S", text) + [""]
        self.place = 0

    def peek(self):
        return self.tokens[self.place]

    def take(self):
        self.place += 1
        return self.tokens[self.place - 1]

    def comparison(self):
        value = self.sum()
        if self.peek() in ("=", "<", ">"):
            operator, other = self.take(), self.sum()
            value = int(value == other if operator == "=" else value < other if operator == "<" else value > other)
        return value

    def sum(self):
        value = self.product()
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self):
        value = self.unary()
        while self.peek() in ("*", "/", "%"):
            operator, other = self.take(), self.unary()
            if operator == "*":
                value *= other
                continue
            if other == 0:
                raise _NoValue
            quotient = abs(value) // abs(other) * (1 if (value < 0) == (other < 0) else -1)
            value = quotient if operator == "/" else value - quotient * other
        return value

    def unary(self):
        if self.peek() in ("+", "-"):
            return self.unary() if self.take() == "+" else -self.unary()
        value = self.power()
        while self.peek() == "(":
            value *= self.power()
        return value

    def power(self):
        value = self.postfix()
        if self.peek() != "^":
            return value
        self.take()
        sign = 1
        while self.peek() in ("+", "-"):
            sign = -sign if self.take() == "-" else sign
        exponent = sign * self.power()
        if exponent >= 0:
            return value**exponent
        if value == 0:
            raise _NoValue
        return int(value**exponent)

    def postfix(self):
        value = self.atom()
        while self.peek() == "!":
            self.take()
            if value < 0:
                raise _NoValue
            value = math.factorial(value)
        return value

    def atom(self):
        token = self.take()
        if token == "(":
            value = self.comparison()
            if self.take() != ")":
                raise ValueError("a parenthesis is not closed")
            return value
        if not token[:1].isdigit():
            raise ValueError(f"unexpected {token or 'end'}")
        return int(token)


def evaluate(text):
    if not text.strip():
        return 0
    parser = _Parser(text)
    try:
        value = parser.comparison()
    except _NoValue:
        value = None
        return value
    if parser.peek():
        raise ValueError(f"unexpected {parser.peek()}")
    return value
