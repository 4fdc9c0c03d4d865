"""
The pages that people see: who opens one is taken to be signed in as the organisation's administrator.
"""

import html
from collections.abc import Iterable, Mapping

from webex_connector.sandbox.exchange import Reply
from webex_connector.sandbox.world import World

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}}button,input{{font:inherit;
padding:.5rem 1.5rem;margin-right:1rem}}</style></head>
<body><h1>{title}</h1>{content}</body></html>
"""


def page(status: int, title: str, content: str) -> Reply:
    """
    Return a page; the content is HTML.
    """
    body = _PAGE.format(title=title, content=content).encode()
    return Reply(status, body, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})


def complaint(sentence: str) -> Reply:
    """
    Say on a page of our own why nothing can be allowed.
    """
    return page(400, "This cannot be allowed", f"<p>{html.escape(sentence)}</p>")


def consent(world: World, client_id: str, scopes: Iterable[str], kept: Mapping[str, str]) -> Reply:
    """
    Show what an integration asks for, with Allow and Deny; what is kept comes along with the answer.
    """
    admin = world.person(world.grants.admin)
    asked = "".join(f"<li><code>{html.escape(each)}</code></li>" for each in sorted(scopes))
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in kept.items()
    )
    content = (
        f"<p>Signed in as {html.escape(admin.email if admin else 'nobody')} of "
        f"{html.escape(world.organization.name)}, a simulated organisation.</p>"
        f"<p>The integration <code>{html.escape(client_id)}</code> asks for:</p><ul>{asked}</ul>"
        f'<form method="post">{fields}'
        '<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>'
    )
    return page(200, "Grant access", content)
