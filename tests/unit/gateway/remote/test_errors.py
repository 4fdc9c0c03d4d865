"""
Errors by the names of Java classes.
"""

from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.errors import CLASSES, wrapped
from webex_connector.gateway.rights import NotPermitted
from webex_connector.icf import errors as icf


def _leaves(kind: type[icf.ConnectorError]) -> set[type[icf.ConnectorError]]:
    # Errors that other rooms derive (the mistakes of a configuration) are told as their parents.
    below = [each for each in kind.__subclasses__() if each.__module__ == icf.__name__]
    return set().union(*map(_leaves, below)) if below else {kind}


def test_every_error_has_a_java_class() -> None:
    """
    Nobody can add an error without saying what it is to platforms.
    """
    assert _leaves(icf.ConnectorError) <= set(CLASSES)


def test_no_class_is_one_that_midpoint_cannot_make() -> None:
    """
    RetryableException has no constructor that midPoint could call; nothing is told by it.
    """
    assert not [each for each in CLASSES.values() if each.endswith(".RetryableException")]


def test_defects_are_not_told() -> None:
    """
    The text of an error of our own stays with us; of what nobody knows the outcome of, the platform is warned.
    """
    assert "secret" not in str(wrapped(KeyError("secret")).message)
    assert "may have been made" in str(wrapped(icf.Ambiguous("no answer")).message)


def test_what_is_no_error_of_the_model_is_told_too() -> None:
    """
    Missing rights and malformed arguments have classes of their own.
    """
    assert wrapped(NotPermitted("no")).java_class.endswith("PermissionDeniedException")
    assert "java.lang.IllegalArgumentException" == wrapped(Malformed("no")).java_class
