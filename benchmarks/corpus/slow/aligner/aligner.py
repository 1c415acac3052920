class Aligner:
    """Compares two sequences of tokens."""

    def __init__(self, left, right):
        self.left = left
        self.right = right

    def common(self, i=0, j=0):
        """Length of the longest common subsequence of left[i:] and right[j:]."""
        if i == len(self.left) or j == len(self.right):
            return 0
        if self.left[i] == self.right[j]:
            return 1 + self.common(i + 1, j + 1)
        return max(self.common(i + 1, j), self.common(i, j + 1))

    def similarity(self):
        longest = max(len(self.left), len(self.right))
        return self.common() / longest if longest else 1.0
