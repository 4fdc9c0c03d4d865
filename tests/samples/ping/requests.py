"""
The requests that the OpenICF Webex connector's page prints, as bytes, in its order.

Source: https://docs.pingidentity.com/openicf/connector-reference/webex.html (sections "Test" and "Use the Webex
connector"). The page holds slips. Where a request cannot mean what it prints, `corrections` says what is changed and
why; `printed` says what the bytes as printed are answered with. In braces stand identifiers of the simulated
organisation.
"""

from dataclasses import dataclass

LOGIN = "X-OpenIDM-Username: openidm-admin\r\nX-OpenIDM-Password: openidm-admin\r\n"
JSON = "Content-Type: application/json\r\n"

CREATE_USER = """{
    "displayName" : "John Doe",
    "firstName" : "John",
    "LastName" : "Doe",
    "groups" : [
            "{group1}",
            "{group2}"
    ],
    "emails" : [
        "john.doe@example.com"
    ],
    "licenses" : [
        "{license}"
    ],
    "roles" : [
        "{role}"
    ],
    "extension" : "123",
    "avatar" : "{avatar}",
    "title" : "Title",
    "department" : "Sales",
    "manager" : "Manager Name",
    "managerId" : "{manager}",
    "phoneNumbers": [
        {
          "type": "work",
          "value": "+1 010 110 1101"
        }
    ],
    "addresses": [
        {
          "type": "work",
          "country": "US",
          "locality": "Milpitas",
          "region": "California",
          "streetAddress": "1111 Bird Ave.",
          "postalCode": "010101"
        }
    ],
    "siteUrls": [
        "{site}#attendee"
    ],
    "orgId" : "{org}",
    "locationId" : "{location}"
}"""

PHONE_NUMBERS = """    "phoneNumbers": [
        {
          "type": "work",
          "value": "+1 010 110 1101"
        }
    ],
"""

MANAGER_SLIP = ('"manager" : "Manager Name"', '"manager" , "Manager Name"')

CREATE_GROUP = """{
    "displayName" : "Group name",
    "description" : "Group Description",
    "orgId" : "{org}"
}"""

UPDATE_GROUP = """{
    "displayName" : "New Group Name",
    "description" : "New Description"
}"""


@dataclass(frozen=True)
class Correction:
    """
    A text of the request that is replaced, and why.
    """

    printed: str
    meant: str
    reason: str


@dataclass(frozen=True)
class PageRequest:
    """
    One request of the page.
    """

    name: str
    method: str
    target: str
    headers: str = LOGIN + JSON
    body: str = ""
    corrections: tuple[Correction, ...] = ()
    printed: tuple[int, str] | None = None
    """
    Status and a part of the message that answer the bytes as printed; None when they need no correction.
    """

    def as_printed(self, ids: dict[str, str]) -> bytes:
        """
        Return the request's bytes with its slips, with identifiers filled in.
        """
        return self._bytes(self.target, self.body, ids)

    def as_meant(self, ids: dict[str, str]) -> bytes:
        """
        Return the request's bytes with every correction made.
        """
        target, body = self.target, self.body
        for each in self.corrections:
            if each.printed not in target + body:
                raise ValueError(f"{self.name}: {each.printed!r} is not printed")
            target, body = target.replace(each.printed, each.meant), body.replace(each.printed, each.meant)
        return self._bytes(target, body, ids)

    def _bytes(self, target: str, body: str, ids: dict[str, str]) -> bytes:
        for key, value in ids.items():
            target, body = target.replace(f"{{{key}}}", value), body.replace(f"{{{key}}}", value)
        content = body.encode()
        length = f"Content-Length: {len(content)}\r\n" if content else ""
        head = f"{self.method} {target} HTTP/1.1\r\nHost: localhost:8080\r\n{self.headers}{length}\r\n"
        return head.encode() + content


NO_LOCATION = Correction(
    """    "orgId" : "{org}",
    "locationId" : "{location}"
""",
    """    "orgId" : "{org}"
""",
    "locationId and phoneNumbers exclude each other, as the page itself says above the request",
)

NOT_JSON = Correction(MANAGER_SLIP[1], MANAGER_SLIP[0], "a comma stands where JSON has a colon")

SYSTEM = "/openidm/system/webex"

REQUESTS = (
    PageRequest(
        "test",
        "POST",
        "/system/webex?_action=test",  # without /openidm, as printed
        LOGIN + "Accept-API-Version: resource=1.0\r\n",
    ),
    PageRequest(
        "create user",
        "POST",
        f"{SYSTEM}/__ACCOUNT__?_action=create",
        body=CREATE_USER,
        corrections=(NO_LOCATION,),
        printed=(400, "exclude each other"),
    ),
    PageRequest("get users", "GET", f"{SYSTEM}/__ACCOUNT__?_queryId=query-all-ids"),
    PageRequest("get user", "GET", f"{SYSTEM}/__ACCOUNT__/{{person}}"),
    PageRequest("get user emails", "GET", f"{SYSTEM}/__ACCOUNT__?_queryFilter=true&_fields=emails"),
    PageRequest(
        "get user by email",
        "GET",
        f'{SYSTEM}/__ACCOUNT__?_queryFilter=emails%20eq%20"john@example.wbx.ai"',  # quotes not encoded, as printed
    ),
    PageRequest(
        "get users by display name",
        "GET",
        f'{SYSTEM}/__ACCOUNT__?_queryFilter=displayName%20sw%20"john"',
    ),
    PageRequest(
        "update user",
        "PUT",
        "/system/webex/__ACCOUNT__/{person}",  # neither /openidm nor If-Match, as printed
        body=CREATE_USER.replace(*MANAGER_SLIP),
        corrections=(NOT_JSON, NO_LOCATION),
        printed=(400, "JSON"),
    ),
    PageRequest("delete user", "DELETE", f"{SYSTEM}/__ACCOUNT__/{{person}}"),
    PageRequest("create group", "POST", f"{SYSTEM}/__GROUP__?_action=create", body=CREATE_GROUP),
    PageRequest("get groups", "GET", f"{SYSTEM}/__GROUP__?_queryId=query-all-ids"),
    PageRequest(
        "update group",
        "PUT",
        f"{SYSTEM}/__GROUP__/{{group}}",
        LOGIN + JSON + "If-Match: *\r\n",
        body=UPDATE_GROUP,
    ),
    PageRequest("delete group", "DELETE", f"{SYSTEM}/__GROUP__/{{group}}"),
    PageRequest("get roles", "GET", f"{SYSTEM}/ROLES/?_queryFilter=true"),  # a slash before the question mark
    PageRequest("get role", "GET", f"{SYSTEM}/ROLES/{{role}}"),
    PageRequest("get licenses", "GET", f"{SYSTEM}/LICENSES/?_queryFilter=true"),
    PageRequest("get license", "GET", f"{SYSTEM}/LICENSES/{{license}}"),
)
"""
All of them, in the page's order.
"""

CREATE_LINE = """curl --header 'Content-Type: application/json' --request POST --data '{ "displayName" : "John Doe" }'\\
'http://localhost:8080/openidm/system/webex/__ACCOUNT__?_action=create'"""
"""
The end of the first curl line as printed: nothing stands between the body's quotation mark and the backslash.
"""
