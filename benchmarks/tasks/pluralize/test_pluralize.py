from pluralize import pluralize


def test_lamp():
    assert pluralize("lamp") == "lamps"


def test_one():
    assert pluralize("berry", 1) == "berry"


def test_berry():
    assert pluralize("berry") == "berries"


def test_bus():
    assert pluralize("bus") == "buses"


def test_toy():
    assert pluralize("toy") == "toys"


def test_box_and_dish():
    assert [pluralize("box"), pluralize("dish"), pluralize("watch")] == ["boxes", "dishes", "watches"]


def test_knife():
    assert [pluralize("knife"), pluralize("shelf"), pluralize("roof")] == ["knives", "shelves", "roofs"]


def test_tomato():
    assert [pluralize("tomato"), pluralize("radio"), pluralize("photo")] == ["tomatoes", "radios", "photos"]


def test_in_law():
    assert pluralize("mother-in-law") == "mothers-in-law"


def test_children():
    assert [pluralize("child"), pluralize("Grandchild"), pluralize("Foot")] == ["children", "Grandchildren", "Feet"]


def test_fireman():
    assert [pluralize("fireman"), pluralize("human")] == ["firemen", "humans"]


def test_none_and_minus_one():
    assert [pluralize("lamp", 0), pluralize("lamp", -1)] == ["lamps", "lamp"]


def test_capitals():
    assert [pluralize("CD"), pluralize("MP3")] == ["CDs", "MP3s"]


def test_letter():
    assert pluralize("A") == "A's"


def test_name():
    assert pluralize("Harry") == "Harrys"


def test_sheep():
    assert [pluralize("sheep"), pluralize("series")] == ["sheep", "series"]


def test_several_words():
    assert pluralize("steel box") == "steel boxes"


def test_of():
    assert pluralize("piece of cheese") == "pieces of cheese"


def test_note():
    assert pluralize("box (large)") == "boxes (large)"


def test_unit():
    assert pluralize("kg", 5) == "kg"


def test_analysis_and_quiz():
    assert [pluralize("analysis"), pluralize("quiz")] == ["analyses", "quizzes"]
