from staff import Director, Employee, Manager


def test_alone():
    assert Manager("Ann").describe() == "Ann"


def test_team():
    assert Manager("Ann", [Employee("Bo"), Employee("Cy")]).describe() == "Ann (Bo, Cy)"


def test_subclass():
    assert Director("Di", [Manager("Ann", [Employee("Bo")])]).describe() == "Director Di (Ann (Bo))"
