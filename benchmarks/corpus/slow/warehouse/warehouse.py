class Warehouse:
    def __init__(self, shelves):
        # (shelf, code) pairs
        self.shelves = shelves

    def unknown(self, codes):
        """The codes that no shelf holds, without repeats, in order."""
        result = []
        for code in codes:
            found = any(held == code for _, held in self.shelves)
            if not found and code not in result:
                result.append(code)
        return result
