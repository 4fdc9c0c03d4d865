"""
Asking a person for consent, as functions: the address of the consent page and what its answer means (RFC 6749, section
4.1, with PKCE, RFC 7636; https://developer.webex.com/docs/integrations).

    ConsentFailed
    ├── Unreadable    what came back is no answer of a consent page
    ├── Foreign       it is the answer to another question than ours
    ├── Denied        the person said no
    └── NotOffered    Webex did not even ask the person
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from webex_connector.base.secret import Secret
from webex_connector.webex.oauth import Tokens
from webex_connector.webex.pasted_token import LONGEST_LIFE

_RANDOM_BYTES = 32
_DIGITS = 10


class ConsentFailed(Exception):
    """
    There is no consent. The text says why, and never repeats what came back as a whole: a token may stand in it.
    """


class Unreadable(ConsentFailed):
    """
    What came back is no answer of a consent page.
    """


class Foreign(ConsentFailed):
    """
    The answer carries another state than the question: somebody else's, or an older one.
    """


class Denied(ConsentFailed):
    """
    The person said no.
    """


class NotOffered(ConsentFailed):
    """
    Webex did not ask the person; `code` is its word of RFC 6749, section 4.1.2.1, such as `invalid_scope`.
    """

    def __init__(self, code: str, description: str) -> None:
        self.code = code
        super().__init__(f"{code}: {description}" if description else code)


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question to a person, good for one answer. It is kept until the answer comes and is shown to nobody.
    """

    page: str
    """The consent page's address, without a query."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    """Comes back with the answer and ties it to this question (RFC 6749, section 10.12)."""

    verifier: Secret | None
    """Of PKCE: whoever has the code alone cannot use it. None for a question whose answer is the token itself."""

    @property
    def address(self) -> str:
        """
        The address to open in a browser.
        """
        asked = {
            "response_type": "code" if self.verifier else "token",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self.state,
        }
        if self.verifier:
            asked |= {"code_challenge": _challenge(self.verifier), "code_challenge_method": "S256"}
        return f"{self.page}?{urlencode(asked, quote_via=quote)}"

    def grant(self, code: Secret) -> Mapping[str, str | Secret]:
        """
        Return the form that exchanges the code for tokens (RFC 6749, section 4.1.3, RFC 7636, section 4.5).
        """
        proof = {"code_verifier": self.verifier} if self.verifier else {}
        return {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri, **proof}


def question(page: str, client_id: str, redirect_uri: str, scopes: Iterable[str]) -> Question:
    """
    Return a new question whose answer is a code.
    """
    return Question(page, client_id, redirect_uri, tuple(scopes), _random(), Secret(_random()))


def token_question(page: str, client_id: str, redirect_uri: str, scopes: Iterable[str]) -> Question:
    """
    Return a new question whose answer is an access token, in the fragment of an address (RFC 6749, section 4.2).
    """
    return Question(page, client_id, redirect_uri, tuple(scopes), _random(), None)


def page_beside(token_endpoint: str) -> str:
    """
    Return the address of the consent page that goes with a token endpoint: Webex has both in one folder.
    """
    parts = urlsplit(token_endpoint)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/authorize", "", ""))


def code_in(callback: str, asked: Question) -> Secret:
    """
    Return the code that an answer brings; `callback` is the whole address that the browser was led to.

    Raises the ConsentFailed that fits.
    """
    told = _told(urlsplit(callback.strip()).query, asked)
    if not told.get("code"):
        raise Unreadable("there is no code in it")
    return Secret(told["code"])


def token_in(pasted: Secret, asked: Question, now: datetime) -> Tokens:
    """
    Return the access token that a person copied from the browser's address bar: the whole address, which must be the
    answer to this question, or what stands behind `access_token=`, alone.

    Raises the ConsentFailed that fits.
    """
    text = pasted.reveal().strip()
    if "=" not in text and "/" not in text and text:
        return Tokens(Secret(text), begins=now)
    told = _told(urlsplit(text).fragment, asked)
    if not told.get("access_token"):
        raise Unreadable("there is no access token in it")
    life = told.get("expires_in", "")
    ends = now + min(timedelta(seconds=int(life[:_DIGITS])), LONGEST_LIFE) if life.isdecimal() else None
    return Tokens(Secret(told["access_token"]), begins=now, ends=ends)


def _told(query: str, asked: Question) -> dict[str, str]:
    told = {name: values[0] for name, values in parse_qs(query).items()}
    if "state" not in told and "error" not in told and not told.keys() & {"code", "access_token"}:
        raise Unreadable("it is no address that Webex leads back to")
    if not hmac.compare_digest(told.get("state", "").encode(), asked.state.encode()):
        raise Foreign("its state is not the one that was sent")
    if told.get("error") == "access_denied":
        raise Denied("access_denied")
    if "error" in told:
        raise NotOffered(told["error"], told.get("error_description", ""))
    return told


def _challenge(verifier: Secret) -> str:
    digest = hashlib.sha256(verifier.reveal().encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _random() -> str:
    return secrets.token_urlsafe(_RANDOM_BYTES)
