"""
The page of attributes is what the schema says.
"""

from pathlib import Path

from docs.pages import attributes

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
