"""
Refusals of a classic site: a code, a sentence, and sometimes a value or a deeper cause.

The codes are those of Cisco's exception lists; the sentences are our own, since the real ones may change at any time.
"""

REASONS = {
    "000000": "The request could not be processed.",
    "000001": "Access denied: more privileges are needed.",
    "000003": "The database did not answer.",
    "000015": "No record was found.",
    "000045": "The limit of requests is reached; wait sixty seconds.",
    "030001": "There is no such user on this site.",
    "030002": "The user name or the password is wrong.",
    "030003": "The password is too short.",
    "030004": "Another user of this site has this WebEx ID.",
    "030005": "Another user of this site has this e-mail address.",
    "030007": "The account has expired.",
    "030008": "The account is not active.",
    "030009": "A required field is missing: WebEx ID, password, e-mail address, first or last name.",
    "030010": "The site has no host licence left.",
    "030011": "The site has no call-in teleconferences.",
    "030012": "The site has no call-back teleconferences.",
    "030019": "A user who may schedule meetings was not found.",
    "030023": "The site has no international local call-in.",
    "030029": "The password must be changed.",
    "030030": "The account is locked.",
    "030031": "The password has expired.",
    "030032": "The password was used before.",
    "030036": "The site has no toll-free call-in.",
    "030046": "The session ticket could not be validated.",
    "030047": "This is no session ticket.",
    "030048": "The authentication server made no ticket.",
    "030050": "The site has no voice over IP.",
    "030051": "Another user has this MeetingPlace profile number.",
    "030053": "forceChangePassword must be true when resetPassword is.",
    "030055": "resetPassword must be true when no password is given.",
    "030056": "Administrators of this site may not set passwords.",
    "030057": "A change of the password is due already; forceChangePassword cannot be false.",
    "030058": "The password has characters that are not allowed.",
    "030060": "There is no such language.",
    "030062": "The e-mail address has characters that are not allowed.",
    "030098": "Users of this site cannot be created this way.",
    "030103": "This role cannot be assigned here.",
    "030104": "This operation takes no session ticket.",
    "030105": "The profile of the user could not be changed.",
    "110055": "No licence is left for the session type.",
    "200005": "This site signs its users in elsewhere.",
    "AS0001": "The authentication service failed.",
}
"""
What each code says here.
"""


class Refusal(Exception):  # it is an answer, and not every one of them an error of the caller
    """
    The request is refused; nothing was changed.
    """

    def __init__(self, code: str, reason: str = "", *, value: str = "", details: tuple[str, ...] = ()) -> None:
        self.code = code
        self.reason = reason or REASONS.get(code, "The request was refused.")
        self.value = value
        """A datum tied to the error, such as the session type that ran out."""
        self.details = tuple((detail, REASONS.get(detail, "A part of the request failed.")) for detail in details)
        """Codes and sentences of deeper causes."""
        super().__init__(f"{code}: {self.reason}")
