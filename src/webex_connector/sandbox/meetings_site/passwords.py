"""
The rules of a site for passwords (`accountPasswordCriteria`), and what becomes of a user who gets a new one.
"""

import re
import string

from msgspec.structs import replace

from webex_connector.sandbox.meetings_site.records import PasswordRules, User, digest_of, first_password
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import Mail, SiteWorld

_ALLOWED = frozenset(string.ascii_letters + string.digits + string.punctuation) - {'"'}
_THRICE = re.compile(r"(.)\1\1")
_DAY = 86_400_000


def check(world: SiteWorld, user: User, password: str) -> None:
    """
    Raise Refusal for a password the user cannot have: forbidden characters, too short, too simple, or had before.
    """
    rules = world.facts.password_rules
    if not _ALLOWED.issuperset(password):
        raise Refusal("030058")
    if len(password) < rules.min_length:
        raise Refusal("030003", f"The password is shorter than {rules.min_length} characters.")
    former = user.history if user.digest else (digest_of(first_password(user.user_id)),)
    if digest_of(password) in former[: rules.history]:
        raise Refusal("030032")
    if weakness := _weakness(rules, world.facts.name, user, password):
        raise Refusal(world.quirks.weak_password_code, weakness)


def given(world: SiteWorld, user: User, password: str) -> User:
    """
    Return the user with a password that was checked; one that had to be changed no longer has to.
    """
    digest = digest_of(password)
    history = (digest, *user.history)[: max(1, world.facts.password_rules.history)]
    return replace(
        user,
        digest=digest,
        history=history,
        password_set=world.now(),
        must_change=False,
        was_reset=False,
        failures=0,
    )


def reset(world: SiteWorld, user: User) -> User:
    """
    Return the user with a password of the site's choice, which it mails and which must be changed.
    """
    # Of the kind the site's own rules allow, whatever they are within reason; different each time.
    password = f"Rs{len(world.mails):04}!{digest_of(user.web_ex_id + str(world.now())).hex()[:8]}xQ"
    world.mails.append(Mail(user.email, "password-reset", password))
    return replace(given(world, user, password), must_change=True, was_reset=True)


def days_left(world: SiteWorld, user: User) -> int | None:
    """
    Return for how many days the password is still good, below zero for one that expired; None where none expires.
    """
    lifetime = world.facts.password_rules.lifetime_days
    if not lifetime:
        return None
    age = world.now() - (user.password_set or user.registered)
    return lifetime - age // _DAY - 1


def _weakness(rules: PasswordRules, site: str, user: User, password: str) -> str:
    folded = password.lower()
    own = (user.web_ex_id, user.email.partition("@")[0], user.field("firstName"), user.field("lastName"), site)
    # A name of one or two letters would forbid nearly everything.
    words = (*rules.disallowed, *(word for word in own if len(word) > 2 and rules.disallow_own))  # noqa: PLR2004 - see above
    if rules.mixed_case and (folded == password or password.upper() == password):
        return "The password needs capital and small letters."
    if sum(map(str.isdigit, password)) < rules.min_numeric:
        return f"The password needs {rules.min_numeric} digits."
    if sum(map(str.isalpha, password)) < rules.min_alpha:
        return f"The password needs {rules.min_alpha} letters."
    if sum(not each.isalnum() for each in password) < rules.min_special:
        return f"The password needs {rules.min_special} special characters."
    if rules.disallow_repeated and _THRICE.search(password):
        return "The password has a character three times in a row."
    if any(word.lower() in folded for word in words):
        return "The password has a word in it that is not allowed."
    return ""
