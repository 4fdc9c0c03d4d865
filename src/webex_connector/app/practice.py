"""
Settings that connect this product to a simulated organisation: as values for the demonstration, as a file to paste.
"""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from webex_connector.app.connectors import CONTROL_HUB, KINDS, MEETINGS_SITE
from webex_connector.app.settings import SystemSettings
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import configured
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.meetings_site.site import PATH, SiteCredentials

_RATE = "100/sec"
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def practice_system(name: str, address: str, credentials: Credentials) -> SystemSettings:
    """
    Return a system that is connected to the simulated organisation at an address.
    """
    given = {
        "serviceUri": f"{address}/v1",
        "tokenEndpoint": f"{address}/v1/access_token",
        "clientId": credentials.client_id,
        "clientSecret": Secret(credentials.client_secret),
        "refreshToken": Secret(credentials.refresh_token),
        # Without a rate the connector would begin slowly, as it has to with an organisation whose limits it must learn.
        "readRateLimit": _RATE,
        "writeRateLimit": _RATE,
    }
    values = configured(KINDS[CONTROL_HUB].properties, given)
    return SystemSettings(name, CONTROL_HUB, KINDS[CONTROL_HUB].title, values)


def practice_file(
    address: str,
    credentials: Credentials,
    references: Mapping[str, str],
    folder: str = "webex-connector.data",
    sites: Sequence[SiteCredentials] = (),
) -> str:
    """
    Return a settings file for the simulated organisation and the sites beside it. `references` say where the three
    secrets are kept, and the password for each site's name; `folder` where its state is.
    """
    return f"""\
# A simulated Webex organisation; nothing here leads to a real one.
[store]
data_folder = "{folder}"

[systems.webex]
connector = "{CONTROL_HUB}"

[systems.webex.configuration]
serviceUri = "{address}/v1"
tokenEndpoint = "{address}/v1/access_token"
clientId = "{credentials.client_id}"
clientSecret = "{references["client_secret"]}"
refreshToken = "{references["refresh_token"]}"

# Other ways to log in that this organisation takes, each in the place of the three lines above:
#   grantType = "client_credentials", with clientId and clientSecret
#   authenticationMethod = "TOKEN", with authToken
#   authenticationMethod = "BASIC", with login and password
# and, by the private key to the public one of `webex-connector sandbox --trusted-key FILE`:
#   grantType = "jwt_bearer", with clientId and jwtPem = "file:PATH"
#   authenticationMethod = "JWT_TOKEN", with jwtPem = "file:PATH"
# A shared secret is named by jwtKey, as a JSON Web Key.
{"".join(_site_system(address, site, references[site.site_name]) for site in sites)}
# Who may log in at the doors of `webex-connector serve`.
[clients.idm]
password = "{references["password"]}"
role = "admin"
"""


def _site_system(address: str, site: SiteCredentials, reference: str) -> str:
    return f"""
# A classic meeting site beside it.
[systems.{site.site_name}]
connector = "{MEETINGS_SITE}"

[systems.{site.site_name}.configuration]
siteUrl = "{address}{PATH}"
siteName = "{site.site_name}"
siteId = "{site.site_id}"
partnerId = "{site.partner_id}"
webExId = "{site.web_ex_id}"
password = "{reference}"
readRateLimit = "{_RATE}"   # a real site's limits have to be learnt; leave these two lines out there
writeRateLimit = "{_RATE}"
"""


def write_practice_file(
    file: Path, address: str, credentials: Credentials, sites: Sequence[SiteCredentials] = ()
) -> Path:
    """
    Write a settings file and, in a folder beside it that only its owner can read, the secrets it refers to. The
    password of the client `idm` is made up. Returns the folder.

    Raises ConfigurationInvalid when one of them is there already or cannot be written: settings are not overwritten.
    """
    folder = file.with_name(f"{file.name}.secrets")
    kept = {
        "client_secret": credentials.client_secret,
        "refresh_token": credentials.refresh_token,
        "password": secrets.token_urlsafe(16),
        **{site.site_name: site.password for site in sites},
    }
    references = {name: f"file:{folder.name}/{name}" for name in kept}
    try:
        with file.open("x", encoding="utf-8") as settings:
            settings.write(practice_file(address, credentials, references, f"{file.name}.data", sites))
        folder.mkdir(_FOLDER_MODE)
        for name, text in kept.items():
            path = folder / name
            path.touch(_FILE_MODE)
            path.write_text(f"{text}\n", "utf-8")
    except OSError as problem:
        raise ConfigurationInvalid(f"Cannot write {problem.filename}: {problem.strerror}") from problem
    return folder
