"""
The addresses of the REST door.
"""

import pytest

from webex_connector.gateway.idm.paths import Path, belongs_here, path_of

LONG, SHORT = "/openidm/system", "/system"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/openidm/system", Path(LONG)),
        ("/system/", Path(SHORT)),
        ("/system/webex", Path(SHORT, "webex")),
        ("/openidm/system/webex/__ACCOUNT__/", Path(LONG, "webex", "__ACCOUNT__")),
        ("/system/webex/ROLES/a%2Fb%20c", Path(SHORT, "webex", "ROLES", "a/b c")),
        ("/openidm", None),
        ("/", None),
        ("/openidm/config", None),
        ("/system//webex", None),
        ("/system/webex/ROLES/a/b", None),
        ("/system/webex/ROLES/a//", None),
    ],
)
def test_each_address_names_what_it_is_about(text: str, path: Path | None) -> None:
    """
    The prefix and a trailing slash are optional; encoded slashes are part of a name; empty parts name nothing.
    """
    assert path_of(text) == path


def test_an_object_has_an_address_of_the_form_the_caller_used() -> None:
    """
    The prefix is there if it was in the request, and what is special in an identifier is encoded.
    """
    assert Path(LONG, "webex", "ROLES").of_object("a/b=") == "/openidm/system/webex/ROLES/a%2Fb%3D"
    assert Path(SHORT, "webex", "ROLES").of_object("a") == "/system/webex/ROLES/a"


def test_only_two_roots_are_ours() -> None:
    """
    Other doors answer under other roots.
    """
    assert belongs_here("/openidm/anything")
    assert belongs_here("/system")
    assert not belongs_here("/scim/v2")
    assert not belongs_here("/systematic")
