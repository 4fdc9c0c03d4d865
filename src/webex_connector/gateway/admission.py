"""
Why somebody is not let in.

    NotAdmitted             name and password, or the token, fit no client
    ├── TooManyFailures     the caller's address was wrong too often
    └── Lapsed              they fit, and are worth nothing any more
"""


class NotAdmitted(Exception):
    """
    Name and password, or the token, fit no client.
    """


class TooManyFailures(NotAdmitted):
    """
    The caller's address was wrong too often; `retry_after` says in whole seconds when it may try again.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many failed log-ins; try again in {retry_after} seconds")
        self.retry_after = retry_after


class Lapsed(NotAdmitted):
    """
    The password or token is right, and has ended or was revoked. Whoever has it may know: the message says since when.
    """
