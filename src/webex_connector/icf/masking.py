"""
Values as JSON, without their secrets: what is kept of writes and plans.
"""

from collections.abc import Mapping

import msgspec

from webex_connector.base.secret import MASK, Secret


def masked_json(value: object) -> str:
    """
    Return a value as JSON, with a mask in the place of each secret. Raises NotImplementedError for what JSON cannot
    hold, as msgspec asks of its hooks.
    """
    return msgspec.json.encode(value, enc_hook=_masked).decode()


def _masked(value: object) -> object:
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"JSON cannot hold a {type(value).__name__}")
