import asyncio
from unittest import IsolatedAsyncioTestCase

from mailbox_queue import Mailbox


class MailboxTest(IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.mailbox = Mailbox()

    async def asyncTearDown(self):
        self.assertEqual(self.mailbox.letters, [])

    async def test_oldest_first(self):
        self.mailbox.send(1)
        self.mailbox.send(2)
        self.assertEqual([await self.mailbox.receive(), await self.mailbox.receive()], [1, 2])

    async def test_waits(self):
        waiting = asyncio.ensure_future(self.mailbox.receive())
        await asyncio.sleep(0)
        self.assertFalse(waiting.done())
        self.mailbox.send("late")
        self.assertEqual(await waiting, "late")

    def test_plain(self):
        self.mailbox.send("x")
        self.assertEqual(self.mailbox.letters.pop(), "x")
