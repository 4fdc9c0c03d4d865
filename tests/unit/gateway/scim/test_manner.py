"""
How settings say how the SCIM door behaves.
"""

from datetime import timedelta

import pytest

from webex_connector.gateway.scim.manner import offset_of


@pytest.mark.parametrize(
    ("text", "minutes"), [("+02:00", 120), ("-01:30", -90), ("90", 90), ("-5", -5), ("+00:00", 0), (" +5 ", 5)]
)
def test_offsets(text: str, minutes: int) -> None:
    """
    As a clock shows them, or in minutes.
    """
    assert offset_of(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "2h", "+2:00", "+24:00", "1440", "99999"])
def test_what_is_no_offset(text: str) -> None:
    """
    Nor is a day or more.
    """
    with pytest.raises(ValueError, match="must be"):
        offset_of(text)
