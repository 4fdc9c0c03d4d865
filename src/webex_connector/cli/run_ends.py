"""
How a run failed, as commands fail.
"""

from collections.abc import Mapping

from webex_connector.icf import errors
from webex_connector.store.run_values import KeptRun

_OTHERS: Mapping[str, type[errors.ConnectorError]] = {
    "PlanOutdated": errors.PreconditionFailed,
    "RunRefused": errors.NotAllowed,
    "PlanStopped": errors.NotAllowed,
    "SourceFailed": errors.ConfigurationInvalid,
    "SourceRefused": errors.ConfigurationInvalid,
    "ExpressionsInvalid": errors.ConfigurationInvalid,
    "StoreFailed": errors.ConnectionFailed,
}
"""
What errors that the model does not know are at the command line.
"""


def error_of(run: KeptRun) -> errors.ConnectorError:
    """
    Return the error by which a run has failed; one of a kind that nobody knows is a defect, and said to be.
    """
    name, message = run.failure or "", (run.error or "").partition(": ")[2]
    found = _OTHERS.get(name) or getattr(errors, name, None)
    if isinstance(found, type) and issubclass(found, errors.ConnectorError):
        return found(message)
    return errors.ConnectorError(f"The run {run.id} has failed: {run.error}")
