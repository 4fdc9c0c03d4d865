"""
Alerts by mail (RFC 5321), over TLS.
"""

import asyncio
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final

from webex_connector.app.alerting.way import NotDelivered
from webex_connector.app.alerts import Alert
from webex_connector.app.settings import MailSecurity, MailSettings

_SECONDS: Final = 20.0
_SUBJECT: Final = 120
_LASTING: Final = 500


class Mail:
    """
    A mail server that takes alerts to people.
    """

    name = "mail"

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def send(self, alert: Alert, at: datetime) -> None:
        """
        Hand a mail over to the server. Raises NotDelivered; lasting when the server said that it never will take it.
        """
        message = self._message(alert, at)
        try:
            # The standard library's client waits for its socket.
            await asyncio.to_thread(self._handed_over, message)
        except smtplib.SMTPResponseException as problem:
            reason = f"the server said {problem.smtp_code}"
            raise NotDelivered(reason, lasting=problem.smtp_code >= _LASTING) from problem
        except smtplib.SMTPRecipientsRefused as problem:
            raise NotDelivered("the server refuses every recipient", lasting=True) from problem
        except (OSError, smtplib.SMTPException) as problem:
            raise NotDelivered(f"{type(problem).__name__}: {problem}") from problem

    def _message(self, alert: Alert, at: datetime) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = ", ".join(self._settings.recipients)
        message["Subject"] = f"Webex Connector: {' '.join(alert.text.split())}"[:_SUBJECT]
        message["Date"] = format_datetime(at)
        message["Message-ID"] = make_msgid(domain=self._settings.sender.rpartition("@")[2])
        # RFC 3834: nobody's holiday notice shall answer it.
        message["Auto-Submitted"] = "auto-generated"
        facts = "".join(f"{name}: {value}\n" for name, value in alert.facts.items())
        message.set_content(f"{alert.text}\n\nevent: {alert.event}\n{facts}at: {at.isoformat()}\n")
        return message

    def _handed_over(self, message: EmailMessage) -> None:
        settings = self._settings
        with self._connected() as server:
            if settings.security is MailSecurity.STARTTLS:
                server.starttls(context=ssl.create_default_context())
            if settings.user is not None and settings.password is not None:
                server.login(settings.user, settings.password.reveal())
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        host, port = self._settings.host, self._settings.port
        if self._settings.security is MailSecurity.TLS:
            return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=_SECONDS)
