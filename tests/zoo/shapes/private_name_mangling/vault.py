"""A vault."""


class Vault:
    def __init__(self, pin):
        self.__pin = pin
        self.__failures = 0

    def __check(self, pin):
        return pin == self.__pin

    def open(self, pin):
        """True when it opens; three failures lock it for ever."""
        if self.__failures >= 3:
            return False
        if self.__check(pin):
            self.__failures = 0
            return True
        self.__failures += 1
        return False
