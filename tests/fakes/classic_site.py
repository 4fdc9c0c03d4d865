"""
The connector of classic meeting sites against a simulated one, over a socket, as a named system.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from fakes.hub import OPTIONS, unwrapped
from fakes.ports import MemoryJournal, OpenGuard
from webex_connector.base.clock import Clock
from webex_connector.connector.inventory import Inventory
from webex_connector.connector.meetings_site.connector import opened
from webex_connector.connector.meetings_site.properties import PROPERTIES
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, added, replaced
from webex_connector.icf.configuration import configured
from webex_connector.icf.contract.subject import Alteration, Subject
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import Connector
from webex_connector.icf.ports import Journal
from webex_connector.sandbox.limits import Shape
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks
from webex_connector.sandbox.meetings_site.site import PATH, MeetingsSite
from webex_connector.sandbox.sandbox import Sandbox

PASSWORD = "Quite-S3cret"
"""
A password that the simulated site takes.
"""


@dataclass(frozen=True, slots=True)
class ClassicSite:
    """
    A simulated site, and the system that manages it.
    """

    sandbox: Sandbox
    site: MeetingsSite
    facade: Facade
    journal: MemoryJournal
    address: str

    @property
    def asked(self) -> list[str]:
        """
        The operations since the trace was cleared, without log-ins.
        """
        operations = [each.template.partition(".")[2] for each in self.site.trace.requests()]
        return [each for each in operations if each != "AuthenticateUser"]


@asynccontextmanager
async def running_site(
    clock: Clock,
    *,
    users: int = 20,
    quirks: SiteQuirks | None = None,
    limit: Shape | None = None,
    **properties: object,
) -> AsyncIterator[ClassicSite]:
    """
    Serve a site and open the connector to it; `properties` are added to its configuration.
    """
    sandbox = Sandbox(people=3, clock=clock)
    site = sandbox.sites.open("acme", users=users, quirks=quirks, limit=limit)
    journal = MemoryJournal()
    async with sandbox.serving() as address:
        facade = site_facade(site, address, clock, journal, properties)
        try:
            yield ClassicSite(sandbox, site, facade, journal, address)
        finally:
            await facade.aclose()


def site_facade(
    site: MeetingsSite,
    address: str,
    clock: Clock,
    journal: Journal,
    properties: Mapping[str, object],
    inventory: Inventory | None = None,
    wrapped: Callable[[Connector], Connector] = unwrapped,
) -> Facade:
    """
    Open a connector to a site that is served at the address, as a named system; `wrapped` puts something in front of
    it. Close it after use.
    """
    who = site.credentials
    given = {
        "siteName": who.site_name,
        "siteId": who.site_id,
        "partnerId": who.partner_id,
        "siteUrl": f"{address}{PATH}",
        "webExId": who.web_ex_id,
        "password": who.password,
        **properties,
    }
    return Facade(
        "meetings",
        wrapped(opened(configured(PROPERTIES, given), clock, inventory=inventory)),
        journal=journal,
        guard=OpenGuard(),
        clock=clock,
        cookie_key=b"k" * 32,
    )


def new_user(number: int = 1) -> Attributes:
    """
    Describe a user whom a site takes.
    """
    return {
        "webExId": (f"zoe{number}",),
        "email": (f"zoe{number}@acme.example",),
        "firstName": ("Zoë",),
        "lastName": (f"Ny & <{number}>",),
        names.PASSWORD: (PASSWORD,),
        "privileges": ("host", "otherTelephony"),
        "sessionTypes": ("214",),
        "supportedServices": ("meetingCenter",),
        "timeZoneID": ("25",),
        "company": ("Acme",),
        "phone": ("49,30,5550100",),
        "trackingCode1": ("EMEA",),
    }


def subject_of(object_class: str, running: ClassicSite) -> Subject:
    """
    Return an object class of the connector as a subject of the contract checks.
    """
    if object_class != names.ACCOUNT:
        return Subject(running.facade, object_class, options=OPTIONS)
    numbers = count(1)
    return Subject(
        running.facade,
        object_class,
        lambda: new_user(next(numbers)),
        Alteration(replaced("title", "Head of Tests"), ("Head of Tests",)),
        added("privileges", "recordingEditor"),
        options=OPTIONS,
        erases=False,
        nobody="nobody-at-all",
    )
