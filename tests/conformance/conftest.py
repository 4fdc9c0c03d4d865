"""
Foreign clients that the sandbox is seen with.
"""

import warnings

with warnings.catch_warnings():
    # wxc-sdk inherits from a class of aiohttp whose authors discourage that; not ours to mend.
    warnings.filterwarnings("ignore", "Inheritance class AsRestSession", DeprecationWarning)
    import wxc_sdk.as_api  # noqa: F401  # imported here once, so that the tests can import from it in peace
