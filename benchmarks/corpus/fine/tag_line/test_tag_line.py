from tag_line import tag_line


def test_join():
    assert tag_line(["a", "b"]) == "a, b"
    assert tag_line([]) == ""


def test_many():
    assert len(tag_line([f"t{i:04d}" for i in range(5000)])) == 5000 * 7 - 2
