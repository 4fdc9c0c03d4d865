"""
How names compare.
"""

from webex_connector.icf import names


def test_names_compare_without_case_however_long() -> None:
    """
    Short and long ones alike.
    """
    assert names.folded("DisplayName") == names.folded("displayname") == "displayname"
    assert names.folded("X" * 1000) == "x" * 1000


def test_only_names_of_a_sensible_length_are_remembered() -> None:
    """
    Callers send names of any length; keeping thousands of those would fill the memory.
    """
    names._folded.cache_clear()

    names.folded("A" * 64)
    names.folded("A" * 65)

    assert 1 == names._folded.cache_info().currsize


def test_texts_compare_without_case_and_unicode_form() -> None:
    """
    Composed and decomposed letters are the same letters.
    """
    assert names.folded_text("ZO\u00cb") == names.folded_text("zoe\u0308") != names.folded_text("zoe")
