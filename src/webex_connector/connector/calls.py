"""
The options of the model, in the words of the Webex client.
"""

from webex_connector.icf.options import Lane, OperationOptions
from webex_connector.webex.call import Call
from webex_connector.webex.call import Lane as WebexLane

_LANES = {Lane.INTERACTIVE: WebexLane.INTERACTIVE, Lane.BULK: WebexLane.BULK}


def call_of(options: OperationOptions) -> Call:
    """
    Return how the requests of an operation are to be made.
    """
    return Call(_LANES[options.lane], dry_run=options.dry_run, deadline=options.deadline, course=options.course)
