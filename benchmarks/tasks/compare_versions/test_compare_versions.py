import pytest
from compare_versions import compare_versions


def test_older():
    assert compare_versions("1.2", "1.10") == -1


def test_newer():
    assert compare_versions("2.0.1", "2.0") == 1


def test_same():
    assert compare_versions("1.4.2", "1.4.2") == 0


def test_zeros():
    assert compare_versions("1.0.0", "1") == 0


def test_v():
    assert compare_versions("v1.2", "1.2") == 0


def test_candidate():
    assert compare_versions("1.0-rc1", "1.0") == -1


def test_alpha_and_beta():
    assert compare_versions("1.0-alpha", "1.0-beta") == -1


def test_numbered():
    assert compare_versions("1.0rc10", "1.0rc9") == 1


def test_spelling():
    assert compare_versions("1.0a1", "1.0-alpha.1") == 0


def test_spelling_of_candidates():
    assert compare_versions("1.0rc2", "1.0-PRE2") == 0


def test_without_a_number():
    assert compare_versions("1.0-beta", "1.0b0") == 0


def test_after():
    assert compare_versions("1.0.post1", "1.0") == 1


def test_revision():
    assert compare_versions("1.0-2", "1.0.post2") == 0


def test_dev():
    assert compare_versions("1.0.dev3", "1.0a1") == -1


def test_dev_of_a_candidate():
    assert compare_versions("1.0rc1.dev2", "1.0rc1") == -1


def test_other_words():
    assert compare_versions("1.0-nightly", "1.0-alpha") == -1


def test_plus():
    assert compare_versions("1.0+linux", "1.0+mac") == 0


def test_exclamation_mark():
    assert compare_versions("1!0.5", "2.0") == 1


def test_nonsense():
    with pytest.raises(ValueError):
        compare_versions("latest", "1.0")
