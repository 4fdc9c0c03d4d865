"""
The ready mappings that come with the product.
"""

from importlib.resources import files

from webex_connector.icf.errors import InvalidInput

_PACKAGE = "webex_connector.sync.ready"
_END = ".toml"


def names() -> list[str]:
    """
    Return the names of the ready mappings.
    """
    return sorted(each.name.removesuffix(_END) for each in files(_PACKAGE).iterdir() if each.name.endswith(_END))


def text_of(name: str) -> str:
    """
    Return a ready mapping as it is copied into a sync file. Raises InvalidInput when there is none of this name.
    """
    if name not in names():
        raise InvalidInput(f"There is no ready mapping {name}; there are: {', '.join(names())}")
    return files(_PACKAGE).joinpath(name + _END).read_text("utf-8")


def about(name: str) -> str:
    """
    Return what a ready mapping is for: the first line of its text.
    """
    return text_of(name).splitlines()[0].removeprefix("# ")
