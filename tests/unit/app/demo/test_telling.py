"""
Requests and answers as people read them.
"""

import json
import shlex

from webex_connector.app.demo.telling import Asked, as_curl, shortened


def test_a_curl_line_sends_the_same_bytes() -> None:
    """
    A shell that reads the line hands curl exactly the header, the body and the address, quotes included.
    """
    asked = Asked("POST", '/x?_queryFilter=a%20eq%20"b"', {"If-Match": "*"}, '{"name": "O\'Neil"}')

    line = as_curl(asked, "http://localhost:8080").replace("\\\n", "")

    assert [
        "curl",
        "--header",
        "If-Match: *",
        "--request",
        "POST",
        "--data",
        '{"name": "O\'Neil"}',
        'http://localhost:8080/x?_queryFilter=a%20eq%20"b"',
    ] == shlex.split(line)


def test_a_short_answer_is_whole() -> None:
    """
    What fits is shown as it is.
    """
    answer = {"result": [{"_id": "1"}, {"_id": "2"}, {"_id": "3"}], "resultCount": 3}

    assert answer == json.loads(shortened(answer))


def test_a_long_list_shows_two_rows_and_the_number_of_the_others() -> None:
    """
    Two rows tell what all look like.
    """
    text = shortened({"result": [{"_id": str(number)} for number in range(2000)]})

    assert "… and 1,998 more" in text
    assert 2 == text.count('"_id"')


def test_a_long_answer_is_cut_with_the_number_of_lines_left_out() -> None:
    """
    No answer fills the screen, and none pretends to be whole.
    """
    lines = shortened({f"key{number}": number for number in range(100)}).splitlines()

    assert 24 + 1 == len(lines)
    assert "    … 78 more lines" == lines[-2]
    assert "}" == lines[-1]


def test_of_a_long_id_the_ends_are_shown() -> None:
    """
    Ids do not fill the screen; text does not suffer, and a mail address least of all.
    """
    address = f"{'very.' * 10}long@acme.example"
    told = json.loads(
        shortened({"_id": "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xODE4ZTgxMS04OTJmLTQwMmI", "emails": [address]})
    )

    assert {"_id": "Y2lzY29zcGFy…mLTQwMmI", "emails": [address]} == told
