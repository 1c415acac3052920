import pytest
from compare_versions import compare_versions


def test_long():
    assert compare_versions("1.2.3.4", "1.2.3.10") == -1


def test_zero_in_the_middle():
    assert compare_versions("1.0.1", "1.1") == -1


def test_trailing_zeros_and_candidate():
    assert compare_versions("1.0.0rc1", "1rc1") == 0


def test_leading_zeros():
    assert compare_versions("1.02", "1.2") == 0


def test_zero():
    assert compare_versions("0", "0.0") == 0


def test_spaces_and_v():
    assert compare_versions(" V2.1 ", "2.1.0") == 0


def test_candidate_of_the_next():
    assert compare_versions("1.1-rc1", "1.0") == 1


def test_beta_and_candidate():
    assert compare_versions("1.0b9", "1.0c1") == -1


def test_underscore():
    assert compare_versions("1.0_beta_2", "1.0b2") == 0


def test_alpha_of_two():
    assert compare_versions("1.0alpha2", "1.0alpha10") == -1


def test_patch():
    assert compare_versions("1.0-patch1", "1.0-1") == 0


def test_after_and_next():
    assert compare_versions("1.0.post9", "1.0.1") == -1


def test_after_a_candidate():
    assert compare_versions("1.0rc1.post1", "1.0rc1") == 1


def test_dev_after_post():
    assert compare_versions("1.0.post1.dev1", "1.0.post1") == -1


def test_dev_and_other_word():
    assert compare_versions("1.0.dev1", "1.0-nightly") == -1


def test_two_other_words():
    assert compare_versions("1.0-nightly", "1.0-snapshot") == -1


def test_plus_after_a_candidate():
    assert compare_versions("1.0rc1+build.5", "1.0rc1") == 0


def test_two_epochs():
    assert compare_versions("1!1.0", "2!0.1") == -1


def test_epoch_zero():
    assert compare_versions("0!1.0", "1.0") == 0


@pytest.mark.parametrize("text", ["", "1..2", "rc1", "1.0-", "1.x.!"])
def test_nonsense(text):
    with pytest.raises(ValueError):
        compare_versions("1.0", text)
