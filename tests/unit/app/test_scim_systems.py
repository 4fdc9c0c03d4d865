"""
The open systems as the SCIM door has them.
"""

from dataclasses import replace

from fakes.idm_door import REF, Rig
from fakes.virtual_time import VirtualClock
from webex_connector.app.scim_systems import ScimSystems
from webex_connector.app.settings import SystemSettings
from webex_connector.gateway.idm.systems import Shape, System
from webex_connector.gateway.scim.manner import Manner


def test_a_system_behaves_as_its_settings_say() -> None:
    """
    One that only Connect knows has the usual manner.
    """
    rig = Rig(VirtualClock())
    settings = {"webex": SystemSettings("webex", "control_hub", "", {}, scim=Manner(adopt=True))}
    rig.systems["second"] = System(rig.facade(), "Second", REF)
    systems = ScimSystems(rig.systems, settings, rig.clock)
    assert ["webex", "second"] == list(systems)
    assert [True, False] == [systems[name].manner.adopt for name in systems]


def test_a_system_connected_anew_is_made_anew() -> None:
    """
    Otherwise the one before would go on being called, whose connections are closed.
    """
    rig = Rig(VirtualClock())
    systems = ScimSystems(rig.systems, {}, rig.clock)
    before = systems["webex"]
    assert systems["webex"] is before
    rig.systems["webex"] = replace(rig.systems["webex"], facade=rig.facade())
    assert systems["webex"].facade is rig.systems["webex"].facade
    assert systems["webex"] is not before


def test_a_disabled_system_is_not_there() -> None:
    """
    A provisioner file that disables a system disables it at this door too.
    """
    rig = Rig(VirtualClock())
    rig.systems["webex"] = replace(rig.systems["webex"], shape=Shape(enabled=False))
    systems = ScimSystems(rig.systems, {}, rig.clock)
    assert (0, None) == (len(systems), systems.get("webex"))
