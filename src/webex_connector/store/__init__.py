"""
Floor 2: one database (a SQLite file by default, PostgreSQL by URL): engine, tables, migrations, encryption at rest. It
does not know who uses which table for what.
"""
