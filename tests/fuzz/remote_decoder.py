"""
The decoder of the connector protocol under a fuzzer that watches which code the bytes reach, with what Java wrote as
its first examples. `make fuzz` runs it; whatever follows is for libFuzzer, such as -max_total_time=600.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["webex_connector.gateway.remote.codec"]):
    from fakes.wire_judge import judged
    from fakes.wire_samples import samples

LIMITS = ("-max_len=65536", "-timeout=5", "-rss_limit_mb=768", "-malloc_limit_mb=256")


def main() -> None:
    """
    Fuzz until libFuzzer's limits are reached; a finding ends the process with an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in samples().items():
            (Path(folder) / "".join(each if each.isalnum() else "_" for each in name)).write_bytes(content)
        atheris.Setup([sys.argv[0], *LIMITS, *sys.argv[1:], folder], judged)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
