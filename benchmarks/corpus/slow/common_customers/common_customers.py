from typing import List


def common_customers(first: List[str], second: List[str]) -> List[str]:
    """Customers of both shops, in the order of the first, repeats kept."""
    return [name for name in first if name in second]
