"""
Secrets and plans.
"""

from dataclasses import replace

import pytest

from fakes.sync_house import PROPERTIES, PlainRules, SyncHouse, record
from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType
from webex_connector.sync.decide.definition import PropertyMapping
from webex_connector.sync.ends import Ends
from webex_connector.sync.errors import RunRefused


class Guarded:
    """
    A target whose people have passwords, too.
    """

    def __init__(self, house: SyncHouse) -> None:
        self.search, self.get = house.facade.search, house.facade.get
        self.system = house.facade.system
        classes = house.facade.schema.object_classes
        password = AttributeInfo(names.PASSWORD, "A password.", AttributeType.SECRET, readable=False)
        more = tuple(
            replace(each, attributes=(*each.attributes, password)) if each.name == names.ACCOUNT else each
            for each in classes
        )
        self.schema = replace(house.facade.schema, object_classes=more)


async def test_a_mapping_that_gives_a_password_makes_no_plan(house: SyncHouse) -> None:
    """
    It is refused in words that name the attribute, and no word of the password is in the store.
    """
    mapping = replace(house.mapping, properties=(*PROPERTIES, PropertyMapping(names.PASSWORD, "secret")))
    house.source.records = [record("1", "Ana", secret="plain")]
    with pytest.raises(RunRefused, match=f"{names.PASSWORD}, a secret"):
        await house.engine.plan(Ends(mapping, house.source, Guarded(house), PlainRules()), "anna")  # type: ignore[arg-type]  # what it does not do is not asked of it
    assert await house.tables.plans.plans() == []
