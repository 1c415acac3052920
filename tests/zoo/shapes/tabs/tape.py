"""A tape."""


class Tape:
	def __init__(self, cells):
		self.cells = list(cells)
		self.at = 0

	def step(self, by=1):
		if not self.cells:
			raise ValueError("no tape")
		self.at += by
		if self.at < 0:
			self.at = 0
		elif self.at >= len(self.cells):
			self.at = len(self.cells) - 1
		return self.cells[self.at]
