"""Jobs for workers."""

import pickle


def square(number, offset=0):
    return number * number + offset


def send(function, *arguments):
    """What a worker would do with a job."""
    received, values = pickle.loads(pickle.dumps((function, arguments)))
    return received(*values)


PACKED = pickle.dumps(square)
