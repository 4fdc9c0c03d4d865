"""
Alerts by mail, to a server of our own.
"""

import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from pathlib import Path

import pytest

from fakes.mail_server import MailServer, mail_server
from webex_connector.app.alerting.mail import Mail
from webex_connector.app.alerting.way import NotDelivered
from webex_connector.app.alerts import Alert
from webex_connector.app.self_signed import self_signed
from webex_connector.app.settings import MailSecurity, MailSettings
from webex_connector.base.secret import Secret

pytestmark = pytest.mark.real_time

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
ALERT = Alert("guard.client_stopped", "okta is stopped:\nsay yes", {"client": "okta"})


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """
    The server's side of TLS, with a certificate that this process trusts.
    """
    made = self_signed(["127.0.0.1"], datetime.now(UTC), timedelta(days=1))
    file = tmp_path / "server.pem"
    file.write_bytes(made.key + made.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _mail(server: MailServer, security: MailSecurity, user: str | None = None) -> Mail:
    password = None if user is None else Secret("password")
    to = ("ops@example.com", "boss@example.com")
    return Mail(MailSettings("127.0.0.1", server.port, security, user, password, "connector@example.com", to))


async def test_a_mail_says_what_happened() -> None:
    """
    To everybody named, with the facts, in a subject of one line.
    """
    async with mail_server(MailServer()) as server:
        await _mail(server, MailSecurity.NONE).send(ALERT, NOW)
    message = message_from_string(server.mails[0], policy=policy.default)
    assert "Webex Connector: okta is stopped: say yes" == message["Subject"]
    assert "ops@example.com, boss@example.com" == message["To"]
    assert "auto-generated" == message["Auto-Submitted"]
    body = message.get_content()
    assert "okta is stopped:\r\nsay yes" in body.replace("\r\n", "\n").replace("\n", "\r\n")
    assert "client: okta" in body
    assert 2 == server.said.count("RCPT")


@pytest.mark.parametrize("security", [MailSecurity.TLS, MailSecurity.STARTTLS])
async def test_it_goes_over_tls_and_logs_in(tls: ssl.SSLContext, security: MailSecurity) -> None:
    """
    In either way; the password leaves only behind it.
    """
    async with mail_server(MailServer(tls, implicit=security is MailSecurity.TLS)) as server:
        await _mail(server, security, "connector").send(ALERT, NOW)
    assert 1 == len(server.mails)
    said = server.said
    assert "AUTH" in said
    assert security is MailSecurity.TLS or said.index("STARTTLS") < said.index("AUTH")


async def test_a_certificate_that_nobody_trusts_gets_no_mail(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, one_certificate: None
) -> None:
    """
    Nothing is said to whoever shows it.
    """
    other = Path(__file__).parents[3] / "samples" / "other-host.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    async with mail_server(MailServer(tls)) as server:
        with pytest.raises(NotDelivered, match="SSLCertVerificationError") as found:
            await _mail(server, MailSecurity.STARTTLS, "connector").send(ALERT, NOW)
    assert not found.value.lasting
    assert "AUTH" not in server.said


async def test_a_server_without_tls_gets_no_mail() -> None:
    """
    Asked for TLS and offered none: the mail stays here.
    """
    async with mail_server(MailServer()) as server:
        with pytest.raises(NotDelivered, match="SMTPNotSupportedError"):
            await _mail(server, MailSecurity.STARTTLS).send(ALERT, NOW)
    assert [] == server.mails


@pytest.mark.parametrize(("answer", "lasting"), [("451 later", False), ("553 not you", True)])
async def test_a_refusal_is_told(answer: str, *, lasting: bool) -> None:
    """
    And whether another attempt may help.
    """
    async with mail_server(MailServer(refuses=answer)) as server:
        with pytest.raises(NotDelivered, match=f"the server said {answer[:3]}") as found:
            await _mail(server, MailSecurity.NONE).send(ALERT, NOW)
    assert lasting is found.value.lasting


async def test_nobody_there_is_told() -> None:
    """
    As a refusal that may pass.
    """
    async with mail_server(MailServer()) as server:
        pass
    with pytest.raises(NotDelivered, match="ConnectionRefusedError") as found:
        await _mail(server, MailSecurity.NONE).send(ALERT, NOW)
    assert not found.value.lasting
