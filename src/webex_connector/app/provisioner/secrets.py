"""
Secrets in a provisioner file: in plain text, sealed by us, or encrypted by somebody else.
"""

from collections.abc import Iterator
from typing import Any, Final

from webex_connector.app.toml_places import Path

ENCRYPTED: Final = "$crypto"
"""
The member under which OpenIDM keeps what it has encrypted with a key of its own.
"""

SEALED: Final = "$sealed"
"""
The member under which we keep what we have sealed.
"""

SECTION: Final = "configurationProperties"


def encrypted_in(tree: Any, path: Path = ()) -> Iterator[Path]:
    """
    Yield every path at which something stands that OpenIDM has encrypted.
    """
    if isinstance(tree, list):
        for number, each in enumerate(tree):
            yield from encrypted_in(each, (*path, str(number)))
    elif isinstance(tree, dict):
        if ENCRYPTED in tree:
            yield path
            return
        for name, each in tree.items():
            yield from encrypted_in(each, (*path, name))


def sealed_text(value: Any) -> str | None:
    """
    Return what stands in a value of the sealed form; None when it is something else.
    """
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get(SEALED), str):
        return str(value[SEALED])
    return None


def advice(name: str, system: str) -> str:
    """
    Say what to do about a secret that OpenIDM has encrypted.
    """
    return (
        "is encrypted with a key that only the OpenIDM it comes from has; put the secret in a file and write "
        f'{name} = "file:PATH" in [systems.{system}.configuration], or write "&{{{system}.{name}}}" here'
    )
