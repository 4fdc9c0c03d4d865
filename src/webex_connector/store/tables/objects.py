"""
What is known of Webex's objects beside Webex.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from webex_connector.store.tables.base import METADATA, Exact, Moment

LOCAL_VALUES = Table(
    "local_values",
    METADATA,
    Column("system", String, primary_key=True),
    Column("object_class", String, primary_key=True),
    Column("uid", String, primary_key=True),
    Column("attribute", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Index(None, "system", "object_class", "attribute", "folded"),
)
"""
Values of attributes that the target cannot hold, one row each; `folded` is how a value compares.
"""

STREAMS = Table(
    "streams",
    METADATA,
    Column("name", String, primary_key=True),
    Column("acknowledged", BigInteger, nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("surplus", BigInteger, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("used", Moment, nullable=False),
)
"""
Where each stream of changes stands.
"""

SIGHTINGS = Table(
    "sightings",
    METADATA,
    Column("stream", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("mark", Text),
    Column("number", BigInteger),
    Column("pending", Text),
    Column("walk", String),
)
"""
Each object of a stream: its mark as acknowledged; with a number, what was told since; the last walk that met it.
"""

MIRRORED = Table(
    "mirrored",
    METADATA,
    Column("system", String, primary_key=True),
    Column("object_class", String, primary_key=True),
    Column("shown", BigInteger),
    Column("held", Text),
    Column("as_of", Moment),
    Column("whole", Moment),
    Column("token", Text),
    Column("failed", Moment),
    Column("error", Text),
    Column("building", BigInteger),
    Column("owner", String),
    Column("until", Moment),
)
"""
Each mirrored object class: the picture that is shown, which attributes it holds (names in JSON), how old it is, when it
was read whole, and the sync token to go on from; how the last refresh failed, if it did; who refreshes, until when, and
the picture that is being made.
"""

MIRROR_PICTURES = Table(
    "mirror_pictures",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("system", String, nullable=False),
    Column("object_class", String, nullable=False),
    # A number is never given again: whoever still writes to a picture that was given up must not meet another.
    sqlite_autoincrement=True,
)
"""
The pictures that have rows, those that are to be taken away included.
"""

MIRROR_OBJECTS = Table(
    "mirror_objects",
    METADATA,
    Column("picture", BigInteger, primary_key=True),
    Column("uid", Exact, primary_key=True),
    Column("document", LargeBinary, nullable=False),
    Column("learned", Moment),
)
"""
The objects of a picture. `learned` is when one was written or read by itself; nothing for those of a list.
"""

MIRROR_KEYS = Table(
    "mirror_keys",
    METADATA,
    Column("picture", BigInteger, primary_key=True),
    Column("uid", Exact, primary_key=True),
    Column("attribute", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("folded", Exact, nullable=False),
    Index(None, "picture", "attribute", "folded", "uid"),
)
"""
What objects are looked up by: one row for each value, in the form in which values compare.
"""

MIRROR_LINKS = Table(
    "mirror_links",
    METADATA,
    Column("picture", BigInteger, primary_key=True),
    Column("uid", Exact, primary_key=True),
    Column("attribute", String, primary_key=True),
    Column("target", Exact, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Index(None, "picture", "attribute", "target"),
)
"""
Memberships and the like, one row each, found from either side.
"""

MIRROR_GONE = Table(
    "mirror_gone",
    METADATA,
    Column("system", String, primary_key=True),
    Column("object_class", String, primary_key=True),
    Column("uid", Exact, primary_key=True),
    Column("learned", Moment, nullable=False),
)
"""
Objects that were deleted a short while ago: a list may still show them.
"""

MIRROR_DOUBTS = Table(
    "mirror_doubts",
    METADATA,
    Column("system", String, primary_key=True),
    Column("object_class", String, primary_key=True),
    Column("uid", Exact, primary_key=True),
    Column("begun", Moment, nullable=False),
    Column("due", Moment, nullable=False),
)
"""
Objects of which nobody knows how they are, from `due` on: the next one who wants them asks the target.
"""
