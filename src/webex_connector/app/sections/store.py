"""
Where state is kept: `[store]`.
"""

from pathlib import Path
from typing import cast

from webex_connector.app.declared import Section
from webex_connector.app.references import url_of
from webex_connector.app.table import Table
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.store.folder import usual_folder
from webex_connector.store.opening import StorePlace

SECTION = Section(
    ("store",),
    "Where state is kept: renewed tokens, the journal, what counts against limits.",
    (
        Property(
            "data_folder",
            "The folder of the database and its key. When not given: the state folder that systemd hands over, else "
            "`webex-connector` in the user's data folder (`$XDG_DATA_HOME`, `~/.local/share`).",
        ),
        Property(
            "database",
            "A PostgreSQL database in place of a file, for servers that share one: `postgresql://user@host/name`. "
            "With a password in it, a reference as for secrets.",
        ),
        Property(
            "key",
            "The keys that seal the secrets in the database, 32 bytes in base64 each, apart by white space, the one "
            "that seals first. When not given, `store.key` in the data folder, which is made on first use.",
            secret=True,
        ),
        Property(
            "journal_days",
            "How many days an entry of the journal is kept, by a running server; 0 keeps them for ever.",
            PropertyType.INTEGER,
            400,
        ),
        Property(
            "plans_days",
            "How many days a plan is kept that nothing changes any more, with what became of each item, and how "
            "somebody was in an inventory before they were otherwise, by a running server; 0 keeps them for ever. Of "
            "each mapping the last plan that was applied stays.",
            PropertyType.INTEGER,
            400,
        ),
    ),
)


def read(top: Table) -> tuple[StorePlace, int, int]:
    """
    Return where the store is, how many days the journal goes back, and how many the plans.
    """
    table = top.table("store")
    values = table.values(SECTION.properties)
    named = values.get("data_folder")
    folder = table.folder / str(named) if named else usual_folder(table.environment, Path.home())
    database = values.get("database")
    days = {name: cast("int", values.get(name, 0)) for name in ("journal_days", "plans_days")}
    for name, value in days.items():
        if value < 0:
            table.wrong(name, "must be zero or more")
    place = StorePlace(
        folder,
        None if database is None else _database(table, str(database)),
        cast("Secret | None", values.get("key")),
    )
    return place, days["journal_days"], days["plans_days"]


def _database(table: Table, text: str) -> Secret | None:
    try:
        return url_of(text, table.environment, table.folder)
    except ValueError as problem:
        table.wrong("database", str(problem))
    return None
