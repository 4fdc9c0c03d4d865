"""
Configurations that OpenIDM and PingIDM keep in files named `provisioner.openicf-*.json`, read as they are.
"""
