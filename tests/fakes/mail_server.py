"""
A mail server that takes every mail and keeps it, or refuses it; and those that a webhook is posted to.
"""

import asyncio
import json
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass
class MailServer:
    """
    What came, and how the way to it is protected.
    """

    tls: ssl.SSLContext | None = None
    implicit: bool = False
    refuses: str = ""
    """The answer to a sender that is not taken."""
    port: int = 0
    mails: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """
        Serve one client (RFC 5321, and RFC 3207 for STARTTLS).
        """
        writer.write(b"220 mail.example\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.upper()
            self.said.append(verb.split(" ")[0])
            if verb.startswith("EHLO"):
                offered = "250-STARTTLS\r\n" if self.tls and not self.implicit else ""
                writer.write(f"250-mail.example\r\n{offered}250 AUTH PLAIN\r\n".encode())
            elif verb == "STARTTLS" and self.tls is not None:
                writer.write(b"220 go ahead\r\n")
                await writer.start_tls(self.tls)
            elif verb.startswith("AUTH"):
                writer.write(b"235 welcome\r\n")
            elif verb.startswith("MAIL") and self.refuses:
                writer.write(f"{self.refuses}\r\n".encode())
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                writer.write(b"250 kept\r\n")
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()
        writer.close()


@asynccontextmanager
async def mail_server(server: MailServer) -> AsyncIterator[MailServer]:
    """
    Serve mail on a free port while the block runs.
    """

    async def attended(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await server.speak(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    context = server.tls if server.implicit else None
    listener = await asyncio.start_server(attended, "127.0.0.1", 0, ssl=context)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


@dataclass
class Hook:
    """
    What was posted, and what is answered, one after the other; the last one for ever.
    """

    answers: list[int] = field(default_factory=lambda: [204])
    address: str = ""
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """
        Take one post.
        """
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head)}
        self.posts.append((headers, await reader.readexactly(int(headers["content-length"]))))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def hook(made: Hook) -> AsyncIterator[Hook]:
    """
    Take posts on a free port while the block runs.
    """
    listener = await asyncio.start_server(made.speak, "127.0.0.1", 0)
    made.address = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/hook"
    try:
        yield made
    finally:
        listener.close()


@dataclass
class Posted:
    """
    Where to post to, and what was posted so far.
    """

    address: str
    bodies: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def posted() -> Iterator[Posted]:
    """
    Take posts while the block runs, in a thread of its own: for commands, which have event loops of their own.
    """

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """
            Say nothing.
            """

    server = HTTPServer(("127.0.0.1", 0), Taking)
    found = Posted(f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
