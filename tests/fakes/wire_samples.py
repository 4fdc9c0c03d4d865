"""
What a Java implementation wrote, from tests/samples/remote.
"""

import json
from collections.abc import Mapping
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "samples" / "remote"


def samples(*files: str) -> Mapping[str, bytes]:
    """
    Return the streams of these files by name, those of all files when none is named.
    """
    chosen = files or tuple(sorted(each.stem for each in _FOLDER.glob("*.json")))
    found = {}
    for file in chosen:
        for name, sample in json.loads((_FOLDER / f"{file}.json").read_text("utf-8")).items():
            found[name] = bytes.fromhex("".join(sample["bytes"]))
    return found
