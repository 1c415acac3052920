from pluralize import pluralize


def test_chair():
    assert pluralize("chair", 3) == "chairs"


def test_one_box():
    assert pluralize("glass of water", 1) == "glass of water"


def test_city_and_key():
    assert [pluralize("city"), pluralize("key")] == ["cities", "keys"]


def test_class_and_fox():
    assert [pluralize("class"), pluralize("fox"), pluralize("bench")] == ["classes", "foxes", "benches"]


def test_wife_and_leaf():
    assert [pluralize("wife"), pluralize("leaf"), pluralize("half")] == ["wives", "leaves", "halves"]


def test_chief_and_cliff():
    assert [pluralize("chief"), pluralize("cliff"), pluralize("giraffe")] == ["chiefs", "cliffs", "giraffes"]


def test_potato_and_piano():
    assert [pluralize("potato"), pluralize("hero"), pluralize("piano"), pluralize("zoo")] == [
        "potatoes",
        "heroes",
        "pianos",
        "zoos",
    ]


def test_passer_by():
    assert [pluralize("passer-by"), pluralize("sister-in-law")] == ["passers-by", "sisters-in-law"]


def test_mouse_and_tooth():
    assert [pluralize("mouse"), pluralize("Tooth"), pluralize("person")] == ["mice", "Teeth", "people"]


def test_woman_and_policeman():
    assert [pluralize("woman"), pluralize("policeman"), pluralize("German")] == ["women", "policemen", "Germans"]


def test_counts():
    assert [pluralize("box", 1), pluralize("box", 0), pluralize("box", 1.0), pluralize("box", 1.5)] == [
        "box",
        "boxes",
        "box",
        "boxes",
    ]


def test_more_capitals():
    assert [pluralize("DVD"), pluralize("TV set"), pluralize("A4")] == ["DVDs", "TV sets", "A4s"]


def test_small_letter():
    assert pluralize("x") == "x's"


def test_other_name():
    assert [pluralize("Kennedy"), pluralize("Jones")] == ["Kennedys", "Joneses"]


def test_fish_and_scissors():
    assert [pluralize("fish"), pluralize("scissors"), pluralize("deer")] == ["fish", "scissors", "deer"]


def test_last_of_several_words():
    assert [pluralize("garden knife"), pluralize("coffee-cup"), pluralize("big fish")] == [
        "garden knives",
        "coffee-cups",
        "big fish",
    ]


def test_with_and_for():
    assert [pluralize("box of matches"), pluralize("knife for bread")] == ["boxes of matches", "knives for bread"]


def test_two_notes():
    assert pluralize("berry (frozen)") == "berries (frozen)"


def test_irregular_with_a_note():
    assert pluralize("goose (whole)", 2) == "geese (whole)"


def test_basis():
    assert pluralize("crisis") == "crises"
