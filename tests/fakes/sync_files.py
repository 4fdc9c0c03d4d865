"""
A sync file: people of a CSV file, with few gates.
"""

SYNC_FILE = """\
[sources.hr]
type = "csv"
path = "hr.csv"
key = "number"
columns = ["mail", "first", "job", "boss"]

[safety]
create_percent = -1
delete_percent = -1
shrinking_percent = -1

[mappings.people]
source = "hr"
target = "webex/__ACCOUNT__"
correlate = ["emails"]

[mappings.people.attributes]
emails = "mail"
displayName = "first"
title = "job"
managerId = { source = "boss", reference = true }

[mappings.people.situations]
SOURCE_MISSING = "DELETE"
"""
"""
People by their e-mail; whoever is gone from `hr.csv` is deleted.
"""
