"""
`python -m webex_connector.cli`: the command where its script is not on the path.
"""

import sys

from webex_connector.cli.main import main

sys.exit(main())
