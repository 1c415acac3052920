"""Short functions."""

def double(x, times=1): return x * 2**times
def triple(x): return double(x) + x
class Half: value = property(lambda self: 0.5); name = "half"
