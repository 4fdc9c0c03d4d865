"""
Reading XML that may be anything.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex.meetings_xml import markup
from webex_connector.webex.meetings_xml.markup import DEEPEST, LONGEST, Node, Unreadable, parsed
from webex_connector.webex.meetings_xml.namespaces import SERVICE

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<serv:message>&b;</serv:message>"""

DANGERS = {
    "entities that expand": BOMB,
    "a file": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]><x/>',
    "a document type alone": '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>',
    "an entity that nobody declared": "<x>&who;</x>",
    "depth": "<a>" * (DEEPEST + 1) + "</a>" * (DEEPEST + 1),
    "no element": "",
    "an open end": "<a><b></b>",
    "two roots": "<a/><b/>",
    "an encoding of no codec": '<?xml version="1.0" encoding="klingon"?><a/>',
    "an encoding of several bytes": '<?xml version="1.0" encoding="shift_jis"?><a/>',
}


@pytest.mark.parametrize("name", DANGERS)
def test_what_no_answer_needs_is_refused(name: str) -> None:
    """
    Document types, entities of the document's own, depth without end and what is no XML are named errors.
    """
    with pytest.raises(Unreadable):
        parsed(DANGERS[name].encode())


def test_size_and_number_have_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Neither a document without end nor one of innumerable small elements is taken into memory.
    """
    with pytest.raises(Unreadable, match="longer"):
        parsed(b"<a>" + b" " * LONGEST + b"</a>")
    monkeypatch.setattr(markup, "MOST", 100)
    with pytest.raises(Unreadable, match="more than 100"):
        parsed(b"<a>" + b"<b/>" * 100 + b"</a>")


def test_elements_are_found_by_namespace_whatever_their_prefix() -> None:
    """
    Any prefix, a default namespace, an undeclared usual prefix and none at all mean the same; other makers' elements
    are left out.
    """
    texts = [
        f'<q:m xmlns:q="{SERVICE}"><q:a>1</q:a></q:m>',
        f'<m xmlns="{SERVICE}"><a>1</a></m>',
        "<serv:m><serv:a>1</serv:a></serv:m>",
        f'<q:m xmlns:q="{SERVICE}"><a>1</a></q:m>',
        f'<q:m xmlns:q="{SERVICE}"><z:a xmlns:z="http://example.com/">0</z:a><q:a> 1 </q:a></q:m>',
    ]

    roots = [parsed(text.encode()) for text in texts]

    assert {(root.namespace, root.name) for root in roots} == {(SERVICE, "m")}
    assert [root.number("a") for root in roots] == [1] * 5


def test_values_are_read_or_named() -> None:
    """
    An absent element is None, an element of another kind an error that names it.
    """
    node = parsed(b"<x><a>7</a><b>TRUE</b><c>no</c><d/></x>")

    assert (node.number("a"), node.flag("b"), node.word("d"), node.word("e"), node.at("a", "b")) == (
        7,
        True,
        None,
        None,
        None,
    )
    with pytest.raises(Unreadable, match="c is no whole number"):
        node.number("c")
    with pytest.raises(Unreadable, match="c is neither true nor false"):
        node.flag("c")


def test_the_text_of_an_element_is_not_shown() -> None:
    """
    A session ticket is the text of an element, and a repr may end in a log.
    """
    assert "top-secret" not in repr(parsed(b"<x><ticket>top-secret</ticket></x>"))


@given(st.binary(max_size=300) | st.text(alphabet="<>/&;!ab:x=\"'?[]% ENTITYDOC", max_size=120).map(str.encode))
def test_any_bytes_give_a_value_or_the_named_error(document: bytes) -> None:
    """
    Nothing else than Unreadable ever comes out, whatever a server sends.
    """
    try:
        node = parsed(document)
    except Unreadable:
        return
    assert isinstance(node, Node)


@given(st.data())
def test_a_damaged_answer_gives_a_value_or_the_named_error(data: st.DataObject) -> None:
    """
    The same for an answer with some of its bytes replaced, which gets further into the parser.
    """
    whole = bytearray(f'<serv:message xmlns:serv="{SERVICE}"><serv:a b="c">text</serv:a></serv:message>'.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(parsed(bytes(whole)), Node)
    except Unreadable:
        return
