class Report:
    def __init__(self, amounts):
        self.amounts = amounts

    def average(self):
        return sum(self.amounts) / len(self.amounts)

    def outliers(self, factor=2.0):
        """Positions of the amounts above factor times the average."""
        found = []
        for i in range(len(self.amounts)):
            if self.amounts[i] > factor * self.average():
                found.append(i)
        return found
