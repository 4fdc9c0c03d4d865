"""
Made-up passwords.
"""

from itertools import pairwise

from webex_connector.base.passwords import LENGTH, made_up


def test_a_made_up_password_keeps_usual_rules() -> None:
    """
    Each of two hundred has all kinds of characters and none beside itself; no two are alike, and none shows itself.
    """
    made = [made_up() for _ in range(200)]
    texts = [each.reveal() for each in made]

    for text in texts:
        assert LENGTH == len(text)
        for kind in (str.isupper, str.islower, str.isdigit, lambda each: each in "-_.+=@%"):
            assert sum(map(kind, text)) >= 3
        assert all(one != other for one, other in pairwise(text))
        assert not set(text) & set("IO0l1'\"\\ &<>")
    assert 200 == len(set(texts))
    assert texts[0] not in repr(made[0])
