"""
What tests of `/people` have in common.
"""

import httpx2

from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.sandbox import Sandbox

NEW = {"emails": ["tove.berg@acme.example"], "displayName": "Tove Berg", "firstName": "Tove", "lastName": "Berg"}


def license_id(sandbox: Sandbox, key: str) -> str:
    """
    Return the outward identifier of a licence.
    """
    return rendering.license_id(sandbox.world, key)


def person_at(sandbox: Sandbox, address: str) -> Person:
    """
    Return the person at an address.
    """
    person = sandbox.world.person_at(address)
    assert person is not None
    return person


def description_of(answer: httpx2.Response) -> str:
    """
    Return what a refusal says.
    """
    return str(answer.json()["errors"][0]["description"])


def somebody_calling(sandbox: Sandbox, **fields: object) -> dict[str, object]:
    """
    Describe a new person with Webex Calling.
    """
    return {**NEW, "licenses": [license_id(sandbox, catalogue.CALLING_PROFESSIONAL)], **fields}


PLACE = rendering.location_id(catalogue.LOCATIONS[1].uuid)
