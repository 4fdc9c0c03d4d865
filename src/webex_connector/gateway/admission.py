"""
Why somebody is not let in.

    NotAdmitted             name and password, or the token, fit no client
    ├── TooManyFailures     the caller's address was wrong too often
    ├── Lapsed              they fit, and are worth nothing any more
    └── Unproven            what is signed is not by whom it should be
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


class Unproven(NotAdmitted):
    """
    A signed assertion or token is not by anybody who is trusted here. The message says why, and helps no forger.
    """
