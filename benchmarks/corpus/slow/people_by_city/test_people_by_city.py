from people_by_city import Person, group_by_city


def test_groups():
    people = [Person("Ada", "Rome"), Person("Bo", "Bern"), Person("Cy", "Rome")]
    assert list(group_by_city(people).items()) == [("Bern", ["Bo"]), ("Rome", ["Ada", "Cy"])]


def test_nobody():
    assert group_by_city([]) == {}


def test_a_country():
    people = [Person(f"p{i}", f"city{i % 500:03d}") for i in range(2000)]
    groups = group_by_city(people)
    assert list(groups)[:2] == ["city000", "city001"]
    assert groups["city249"] == ["p249", "p749", "p1249", "p1749"]
