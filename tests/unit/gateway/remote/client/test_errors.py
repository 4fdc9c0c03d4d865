"""
Errors that connector servers tell, as the model has them.
"""

import pytest

from webex_connector.gateway.remote.client.errors import MEANINGS, error_of
from webex_connector.gateway.remote.codec.exceptions import ExceptionName, PlainException, RemoteWrappedException
from webex_connector.gateway.remote.errors import CLASSES, CONNECTOR, wrapped
from webex_connector.icf import errors as icf

_PACKAGE = "org.identityconnectors.framework.common.exceptions."

BLURRED = {
    icf.UnknownObjectClass: icf.UnsupportedOperation,
    icf.InvalidInput: icf.InvalidAttributeValue,
    icf.UnknownAttribute: icf.InvalidAttributeValue,
    icf.InvalidFilter: icf.InvalidAttributeValue,
    icf.InvalidOption: icf.InvalidAttributeValue,
    icf.GuardRefused: icf.PermissionDenied,
    icf.CallerRefused: icf.PermissionDenied,
    icf.Throttled: icf.ConnectionFailed,
    icf.AccessRefused: icf.ConnectionFailed,
    icf.Ambiguous: icf.ConnectorError,
    icf.ScriptFailed: icf.ConnectorError,
}
"""
The errors that share a Java class with another one, and which comes out of it.
"""


@pytest.mark.parametrize("kind", CLASSES)
def test_what_our_server_tells_comes_back(kind: type[icf.ConnectorError]) -> None:
    """
    An error of our server is the same error here, but for those that share a Java class; its text goes along.
    """
    found = error_of(wrapped(kind("Because.")), writing=False)

    assert BLURRED.get(kind, kind) is type(found)
    assert "Because." in found.message


def test_every_java_class_that_we_tell_has_a_meaning() -> None:
    """
    Nobody can tell errors by another class without saying what it means at the other end.
    """
    told = {each.rpartition(".")[2] for each in CLASSES.values() if each != CONNECTOR}
    assert told <= MEANINGS.keys()


@pytest.mark.parametrize(
    "name", ["ConnectorException", "ConnectorIOException", "OperationTimeoutException", "ConnectionBrokenException"]
)
def test_a_write_that_failed_half_way_is_ambiguous(name: str) -> None:
    """
    Of a write, an error that does not say that nothing happened leaves that open; of a read it does not.
    """
    told = RemoteWrappedException(_PACKAGE + name, "no answer")

    assert isinstance(error_of(told, writing=True), icf.Ambiguous)
    assert not isinstance(error_of(told, writing=False), icf.Ambiguous)
    assert "no answer" in error_of(told, writing=True).message


def test_classes_that_nobody_knows_are_told_by_name() -> None:
    """
    A class of somebody's own, inner ones too, and one without a text say at least what they are called.
    """
    assert "Odd" in error_of(RemoteWrappedException("com.example.Outer$Odd"), writing=False).message
    plain = error_of(PlainException(ExceptionName.UNKNOWN_UID), writing=False)
    assert (icf.UnknownUid, "UnknownUidException") == (type(plain), plain.message)
