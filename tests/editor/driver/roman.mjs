// A function that no rule repairs, with its tests, and what a model answers that is asked to repair it.

export const ROMAN = 'src/shop/roman.py';

const WRONG = `"""Numerals for the clock above the door."""


def roman(number):
    """A whole number from 1 to 3999 in Roman numerals."""
    return "I" * number
`;

const TESTS = `import pytest

from shop.roman import roman


@pytest.mark.parametrize(
    ("number", "numerals"),
    [(1, "I"), (3, "III"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (90, "XC"), (1994, "MCMXCIV")],
)
def test_roman(number, numerals):
    assert roman(number) == numerals
`;

const RIGHT = `def roman(number):
    """A whole number from 1 to 3999 in Roman numerals."""
    signs = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X")]
    signs += [(9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    numerals = ""
    for value, sign in signs:
        count, number = divmod(number, value)
        numerals += sign * count
    return numerals
`;

/** Puts the function and its tests into a project. */
export function withRoman(project) {
  project.write(ROMAN, WRONG);
  project.write('tests/test_roman.py', TESTS);
}

/** The file with the function as it should be. */
export const REPAIRED = `${WRONG.slice(0, WRONG.indexOf('def roman'))}${RIGHT}`;

/** Pairs of words in a request and the answer to it: a critique, the function, the first small question. */
export const ANSWERS = [
  ['one word: ready', 'ready'],
  ['Write a critique', 'test_roman[4-IV]: the sign I is repeated as often as the number says; larger signs are missing.'],
  [
    '<IMPROVED>',
    `<NOTE>\nThe larger signs and the subtractive pairs were missing.\n</NOTE>\n<IMPROVED>\n${RIGHT}</IMPROVED>`,
  ],
];

/** The answer to a request of which this is the text. */
export function answerTo(text) {
  return ANSWERS.find(([words]) => text.includes(words))?.[1] ?? '';
}
