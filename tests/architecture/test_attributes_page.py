"""
The page of attributes is what the schema says.
"""

import re
from pathlib import Path

import pytest
from docs.pages import attributes, site_attributes

from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo

PAGE = Path(attributes.__file__).parent.parent / "attributes.md"


def test_the_page_of_attributes_is_up_to_date() -> None:
    """
    Whoever changes the schema makes the page anew: `python docs/pages/attributes.py > docs/attributes.md`.
    """
    assert PAGE.read_text("utf-8") == attributes.page(attributes.control_hub())


def test_costs_are_told_of_everything_that_can_be_done() -> None:
    """
    Each operation of each object class has its costs, and nothing that does not exist has any.
    """
    schema = attributes.control_hub()
    assert {name: set(costs) for name, costs in attributes.COSTS.items()} == {
        name: set(operations) for name, operations in schema.operations.items()
    }
    assert all(schema.object_class(name).has(attribute) for name, attribute in attributes.MORE)


def test_the_page_of_sites_is_up_to_date() -> None:
    """
    The same of `python -m docs.pages.site_attributes > docs/meetings-attributes.md`, with the costs of every operation.
    """
    schema = site_attributes.meetings_site()
    assert (PAGE.parent / "meetings-attributes.md").read_text("utf-8") == site_attributes.page(schema)
    assert {name: set(costs) for name, costs in site_attributes.COSTS.items()} == {
        name: set(operations) for name, operations in schema.operations.items()
    }


def _rows() -> dict[str, list[str]]:
    """
    Return the cells of the table of roads, by attribute.
    """
    _, _, below = attributes.page(attributes.control_hub()).partition("### Roads")
    table = re.findall(r"^\| `(\w+)` \|(.*)\|$", below.partition("\n## ")[0], re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in table}


FACTS = attributes.control_hub().object_class(names.ACCOUNT).attributes
SCIM_ALONE = {name for name, cells in _rows().items() if "GET /Users/{id}" in cells[0]}


def test_every_attribute_of_a_person_has_a_row() -> None:
    """
    In the order of the schema, each once.
    """
    assert [fact.name for fact in FACTS] == list(_rows())


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_a_row_says_what_the_schema_says(fact: AttributeInfo) -> None:
    """
    What can be read has a request that reads it, what can be written has requests on the SCIM road, and on the people
    road too unless SCIM alone has it; what cannot be written has none.
    """
    read, made_by_people, changed_by_people, made, many_made, changed, many_changed = _rows()[fact.name]
    alone = fact.name in SCIM_ALONE

    assert ("/" in read) == fact.readable
    assert (("/" in made, "/" in changed)) == (fact.creatable, fact.updateable)
    assert (bool(many_made), bool(many_changed)) == (fact.creatable, fact.updateable)
    assert ("/" in made_by_people) == (fact.creatable and not alone and fact.name != names.ENABLE)
    assert ("/" in changed_by_people) == (fact.updateable and not alone)
