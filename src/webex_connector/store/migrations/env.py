"""
What Alembic runs: the steps that are missing, within the transaction of whoever asks.
"""

from alembic import context

from webex_connector.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # Both databases undo changed tables with their transaction; Alembic believes it of PostgreSQL only.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
