"""A mail box between tasks."""

import asyncio


class Mailbox:
    def __init__(self):
        self.letters = []
        self.arrived = None

    def send(self, letter):
        self.letters.append(letter)
        if self.arrived is not None:
            self.arrived.set()

    async def receive(self):
        """The oldest letter, waiting for one if need be."""
        while not self.letters:
            self.arrived = asyncio.Event()
            await self.arrived.wait()
        return self.letters.pop(0)
