"""
What time does to a connector: how far apart the clocks are, and how long the credentials last. Pure.

Lifetimes are at https://developer.webex.com/docs/integrations: 14 days for access tokens, 90 for refresh tokens.
"""

from datetime import datetime, timedelta

from webex_connector.connector.control_hub.diagnosis import remedies
from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.connector.properties import Login, Method
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.webex.expiry_watch import ACCESS_NOTICE, REFRESH_NOTICE
from webex_connector.webex.tokens import TokenFacts

TOLERABLE = timedelta(minutes=1)
"""
More between the clocks is a warning.
"""

MOST = timedelta(minutes=5)
"""
More between the clocks fails the test.
"""


def clock(lead: timedelta | None) -> Finding:
    """
    Judge how far Webex's clock is ahead of ours.
    """
    subject = Subject.CLOCK.value
    if lead is None:
        return Finding(subject, Verdict.UNKNOWN, "no answer of Webex had a date", remedy=remedies.CLOCK, needed=False)
    apart = abs(lead)
    if apart <= TOLERABLE:
        return Finding(subject, detail="agrees with Webex's to a minute")
    detail = f"this computer's clock is {_length(apart)} {'behind' if lead > timedelta() else 'ahead of'} Webex's"
    if apart <= MOST:
        return Finding(subject, Verdict.WARNING, detail, remedy=remedies.CLOCK_BEFORE_FAILURE)
    return Finding(subject, Verdict.NO, detail, remedy=remedies.CLOCK)


def token(facts: TokenFacts, login: Login, told: datetime | None, now: datetime) -> Finding:
    """
    Judge how long the credentials last; `told` is when the access token ends as Webex says, if it was asked.
    """
    subject, ends = Subject.TOKEN.value, told or facts.ends
    if login is Method.BASIC:
        return Finding(subject, detail="there is none: login and password are sent with every request")
    if not facts.renews:
        if ends is None:
            detail = "nobody says when authToken ends, and it is not renewed"
            return Finding(subject, Verdict.UNKNOWN, detail, remedy=remedies.RENEW_AUTH, needed=False)
        latest = "" if told else " at the latest"
        detail = f"authToken ends {_day(ends, now)}{latest}, and is not renewed"
        if ends - now <= ACCESS_NOTICE:
            return Finding(subject, Verdict.WARNING, detail, remedy=remedies.RENEW_AUTH)
        return Finding(subject, detail=detail)
    detail = "the access token is renewed by itself"
    if ends is not None:
        detail += f", before it ends {_day(ends, now)}"
    if facts.refresh_ends is None:
        return Finding(subject, detail=detail)
    detail += f"; the refresh token ends {_day(facts.refresh_ends, now)}"
    if facts.refresh_ends - now <= REFRESH_NOTICE:
        return Finding(subject, Verdict.WARNING, detail, remedy=remedies.RENEW_GRANT)
    return Finding(subject, detail=f"{detail} unless it is used before")


def _day(moment: datetime, now: datetime) -> str:
    days = (moment - now).days
    far = "today" if days <= 0 else f"in {days} day{'' if days == 1 else 's'}"
    return f"on {moment:%Y-%m-%d} ({far})"


def _length(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
    return " ".join(part for part in parts if part)
