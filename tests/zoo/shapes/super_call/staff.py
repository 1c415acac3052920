"""People who work here."""


class Employee:
    def __init__(self, name):
        self.name = name

    def describe(self):
        return self.name


class Manager(Employee):
    def __init__(self, name, team=()):
        super().__init__(name)
        self.team = list(team)

    def describe(self):
        """Name, then the team in brackets."""
        text = super().describe()
        if self.team:
            text += f" ({', '.join(member.describe() for member in self.team)})"
        return text


class Director(Manager):
    def describe(self):
        return "Director " + super().describe()
