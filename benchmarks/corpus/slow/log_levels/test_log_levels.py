from log_levels import count_level

LINE = "2024-05-01 12:00:0{} [{}] something happened"


def test_levels():
    lines = [LINE.format(1, "ERROR"), LINE.format(2, "INFO"), LINE.format(3, "ERROR")]
    assert count_level(lines, "ERROR") == 2
    assert count_level(lines, "DEBUG") == 0


def test_level_in_the_message_does_not_count():
    assert count_level(["2024-05-01 12:00:00 [INFO] saw [ERROR]"], "ERROR") == 0


def test_special_characters():
    assert count_level(["a b [A.B]", "a b [AxB]"], "A.B") == 1


def test_a_day():
    lines = [LINE.format(i % 10, ("INFO", "WARN", "ERROR")[i % 3]) for i in range(6000)]
    assert count_level(lines, "WARN") == 2000
