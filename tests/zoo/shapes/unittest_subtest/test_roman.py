import unittest

from roman import to_roman


class RomanTest(unittest.TestCase):
    def test_numbers(self):
        for number, roman in {1: "I", 4: "IV", 8: "VIII", 9: "IX", 14: "XIV", 39: "XXXIX"}.items():
            with self.subTest(number=number):
                self.assertEqual(to_roman(number), roman)

    def test_only_simple(self):
        for number, roman in ((1, "I"), (5, "V"), (10, "X")):
            with self.subTest(roman):
                self.assertEqual(to_roman(number), roman)

    def test_zero(self):
        self.assertEqual(to_roman(0), "")


if __name__ == "__main__":
    unittest.main()
