"""
What a test looks at, in the order of its report. Each has its section in `docs/testing-a-system.md`.
"""

from enum import Enum


class Subject(Enum):
    """
    One thing that is looked at; the value is its name in the report.
    """

    REACH = "reach"
    """Whether requests get to Webex."""

    CREDENTIALS = "credentials"
    """Whether Webex accepts the token."""

    CLOCK = "clock"
    """How far our clock and Webex's are apart."""

    TOKEN = "token"  # noqa: S105 - the word, no password
    """How long the credentials last."""

    OWNER = "owner"
    """Whose the token is, and as what."""

    ORGANISATION = "organisation"
    """Which organisation it is."""

    PEOPLE = "people"
    """Reading people."""

    CHANGING_PEOPLE = "changing people"
    """Creating, changing and deleting people, their licences included."""

    GROUPS = "groups"
    """Reading groups."""

    CHANGING_GROUPS = "changing groups"
    """Creating, changing and deleting groups, their members included."""

    ROLES = "roles"
    """Reading the roles of administrators."""

    LICENCES = "licences"
    """Reading which licences there are."""

    SEATS = "seats"
    """How many units of the licences are left."""

    SCIM = "SCIM"
    """Reading users by SCIM."""

    CHANGING_BY_SCIM = "changing by SCIM"
    """Creating, changing and deleting users by SCIM."""

    AUDIT_EVENTS = "audit events"
    """Reading what administrators did."""

    TEAMS = "teams"
    """Reading teams; looked at when `objectClasses` names them."""

    CHANGING_TEAMS = "changing teams"
    """Making, changing and deleting teams, their members included; looked at together with teams."""

    LOCATIONS = "locations"
    """Reading locations; looked at when `objectClasses` names them."""

    ROAD = "road"
    """By which API accounts are changed, and why."""

    TEMPLATES = "licence templates"
    """Signs that people are given licences that nobody asked for."""

    DIRECTORY = "directory"
    """Signs that people belong to a directory synchronisation."""
