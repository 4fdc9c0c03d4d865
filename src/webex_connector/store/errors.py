"""
What can go wrong with the store.

    StoreError
    ├── StoreUnusable   nothing works until an administrator acts
    ├── StoreFailed     one transaction did not happen; the next one may
    ├── Overtaken       somebody else does this by now
    └── SealBroken      a sealed value does not open
"""


class StoreError(Exception):
    """
    The store did not do what was asked.
    """


class StoreUnusable(StoreError):
    """
    The store cannot be opened, or not for this: no right to write, a newer version's tables, somebody else at work.
    """


class StoreFailed(StoreError):
    """
    A transaction did not happen; nothing of it was kept. When the connection was lost at the very end, it may have.
    """


class Overtaken(StoreError):
    """
    A piece of work that only one may do was taken over by another; nothing of this transaction was kept.
    """


class SealBroken(StoreError):
    """
    A sealed value does not open: its key is not here, or it is not the value that was written in this place.
    """
