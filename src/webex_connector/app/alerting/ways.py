"""
From the settings to the ways that alerts take.
"""

from webex_connector.app.alerting.mail import Mail
from webex_connector.app.alerting.told import ToldAlerts
from webex_connector.app.alerting.way import Way
from webex_connector.app.alerting.webhook import Webhook
from webex_connector.app.settings import Settings
from webex_connector.base.clock import Clock
from webex_connector.store.leases import Leases


def told_alerts(settings: Settings, leases: Leases, clock: Clock) -> ToldAlerts:
    """
    Return what tells people by every way that is set up; with none there is the log.
    """
    asked, ways = settings.alerts, list[Way]()
    if asked.webhook is not None:
        ways.append(Webhook(asked.webhook, asked.webhook_secret))
    if asked.mail is not None:
        ways.append(Mail(asked.mail))
    return ToldAlerts(ways, leases, clock, asked.quiet)
