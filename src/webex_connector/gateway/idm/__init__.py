"""
The REST door: system objects as OpenIDM and PingIDM serve them (Common REST, CREST).

Sources: the documentation of PingIDM (docs.pingidentity.com/pingidm, "CREST" and "REST API reference") and the open
source projects OpenIDM and commons (github.com/OpenIdentityPlatform).
"""
