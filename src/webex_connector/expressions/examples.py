"""
What each function of expressions gives, by example. The page of expressions shows these, and a test runs them.
"""

from collections.abc import Mapping
from typing import Any, Final

RECORD: Final[Mapping[str, tuple[object, ...]]] = {
    "mail": ("Anna.Lee@acme.example",),
    "proxyAddresses": ("SMTP:anna@acme.example", "smtp:lee@acme.example"),
    "givenName": ("anna",),
    "site": ("BER",),
    "telephone": ("030 1234567",),
    "hired": ("31.12.2026",),
    "nickName": (),
}
"""
The record that the examples speak of.
"""

TABLES: Final[Mapping[str, Mapping[str, Any]]] = {"sites": {"BER": "Berlin", "MUC": "Munich"}}
"""
The tables that they look things up in.
"""

NOW: Final = "2026-11-21T09:30:00+00:00"
"""
The moment at which they are evaluated.
"""

EXAMPLES: Final[Mapping[str, tuple[tuple[str, Any], ...]]] = {
    "lower": (('lower(source["mail"])', "anna.lee@acme.example"), ('lower(source["nickName"])', None)),
    "upper": (('upper(source["givenName"])', "ANNA"),),
    "trim": (('trim("  Anna   Lee ")', "Anna Lee"),),
    "title": (('title("anna-LEE o\'brien")', "Anna-Lee O'Brien"), ('title("MÜLLER")', "Müller")),
    "default": (
        ('default(source["nickName"], source["givenName"], "?")', "anna"),
        ('default("", [], 0)', 0),
    ),
    "first": (('first(source["proxyAddresses"])', "SMTP:anna@acme.example"), ("first([])", None)),
    "listed": (('listed(source["mail"])', ["Anna.Lee@acme.example"]), ('listed(source["nickName"])', [])),
    "join": (('join(" ", source["givenName"], None, ["von", "Lee"])', "anna von Lee"),),
    "split": (('split("a, b,,c ", ",")', ["a", "b", "c"]),),
    "matches": (
        ('matches(source["mail"], "@acme[.]example$")', True),
        ('matches(source["nickName"], ".")', False),
    ),
    "replace": (
        ('replace(source["mail"], "@.*", "@new.example")', "Anna.Lee@new.example"),
        ('replace("Lee, Anna", r"(.*), (.*)", r"\\2 \\1")', "Anna Lee"),
    ),
    "extract": (
        ('extract(first(source["proxyAddresses"]), "SMTP:(.*)")', "anna@acme.example"),
        ('extract("room 12", "[0-9]+")', "12"),
        ('extract("lobby", "[0-9]+")', None),
    ),
    "lookup": (
        ('lookup("sites", source["site"])', "Berlin"),
        ('lookup("sites", "PAR", "elsewhere")', "elsewhere"),
    ),
    "date": (('date(source["hired"], "%d.%m.%Y")', "2026-12-31"),),
    "format_date": (('format_date("2026-12-31", "%m/%d/%Y")', "12/31/2026"), ('format_date(now, "%Y")', "2026")),
    "add_days": (('add_days("2026-12-31", 1)', "2027-01-01"), ("add_days(now, -21)", "2026-10-31")),
    "days_between": (('days_between(now, date(source["hired"], "%d.%m.%Y"))', 40),),
    "phone": (
        ('phone(source["telephone"], "DE")', "+49301234567"),
        ('phone("+1 (408) 555-0100")', "+14085550100"),
    ),
    "ascii": (('ascii("Jürgen Weiß")', "Juergen Weiss"), ('ascii("Łukasz")', "Lukasz"), ('ascii("Юрий")', "Yuriy")),
}
"""
Calls and what they give, by function.
"""
