"""
People of a department who hold no licence: arguments["department"] names it.
"""

people = connector.search(
    "__ACCOUNT__",
    {"department": arguments["department"]},
    attributes=["emails", "licenses"],
    limit=1000,
)
[person["emails"][0] for person in people if not person.get("licenses")]
