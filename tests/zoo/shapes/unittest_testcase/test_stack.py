import unittest

from stack import Stack


class StackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = Stack()
        cls.shared.push("kept")
        cls.popped = cls.shared.pop()

    def setUp(self):
        self.stack = Stack()
        self.stack.push(1)
        self.stack.push(2)
        self.addCleanup(self.stack.pop)

    def tearDown(self):
        while self.stack.pop() is not None:
            pass

    def test_last_in_first_out(self):
        self.assertEqual([self.stack.pop(), self.stack.pop()], [2, 1])

    def test_default(self):
        self.assertEqual(Stack().pop("none"), "none")

    def test_class_fixture(self):
        self.assertEqual(self.popped, "kept")
        self.assertFalse(self.shared.items)

    @unittest.skip("not written yet")
    def test_skipped(self):
        self.fail()

    @unittest.expectedFailure
    def test_expected_failure(self):
        self.assertEqual(Stack().pop(), 0)
