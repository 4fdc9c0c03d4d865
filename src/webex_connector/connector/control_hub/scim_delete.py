"""
Deleting a person by SCIM (https://developer.webex.com/docs/api/v1/scim2-user/delete-a-user).
"""

from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.deletion import deleted
from webex_connector.connector.control_hub.person import account_of
from webex_connector.connector.control_hub.scim_user import person_of
from webex_connector.connector.faults import reading_one
from webex_connector.connector.identity import identity
from webex_connector.connector.steps import Steps
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.client import Scim


async def deleted_by_scim(scim: Scim, info: ObjectClassInfo, uid: str, options: OperationOptions) -> WriteResult:
    """
    Delete a person for good. Raises UnknownUid when there is none, Ambiguous when nobody can tell.
    """
    call, steps = call_of(options), Steps()
    with reading_one(info.name, uid):
        before = account_of(person_of(await scim.users.get(identity(uid), call)), info)
    key, subject = identity(before.uid), f"the deletion of {before.uid}"
    await deleted(lambda: scim.users.delete(key, call), lambda: scim.users.get(key, call), subject, steps)
    return steps.result(before.uid, before=before, after=before if steps.done else None)
