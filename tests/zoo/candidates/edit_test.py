"""Makes its test pass by editing it."""

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    with open("tests/test_module.py", "w") as file:
        file.write("def test_victim():\n    pass\n")
    return 2 * n
