"""Published stand-ins for the stores: moto's S3 and gcp-storage-emulator, as programs of their own.

Whoever signs wrongly is refused by the first; the second keeps its objects over a kill.
"""

import asyncio
import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import boto3
import jwt
import pytest
import pytest_socket
from aiohttp import web
from botocore.config import Config
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

BUCKET = "photos-of-plants"
_START_S = 60.0


def free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@dataclass
class Emulator:
    """One program, at one address for as long as the test wants."""

    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Until it answers anything at all."""
        command = [word.format(port=self.port) for word in self.command]
        self.process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _START_S
        while not self._listens():
            assert self.process.poll() is None, "the emulator has ended"
            assert time.monotonic() < until, "the emulator does not answer"
            time.sleep(0.05)

    def _listens(self) -> bool:
        with closing(socket.socket()) as calling:
            return calling.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self) -> None:
        self.kill()

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class S3(Emulator):
    """Moto, with one user who may do everything, and one bucket."""

    command: tuple[str, ...] = ("-m", "moto.server", "-H", "127.0.0.1", "-p", "{port}")
    # So many calls are served before it asks who somebody is: those of `prepare`.
    environment: dict[str, str] = field(
        default_factory=lambda: {"INITIAL_NO_AUTH_ACTION_COUNT": "4"}
    )
    key_id: str = ""
    secret: str = ""

    def prepare(self) -> None:
        iam, store = self.client("iam"), self.client("s3")
        iam.create_user(UserName="plants")
        everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        policy = json.dumps({"Version": "2012-10-17", **everything})
        iam.put_user_policy(UserName="plants", PolicyName="all", PolicyDocument=policy)
        key = iam.create_access_key(UserName="plants")["AccessKey"]
        store.create_bucket(Bucket=BUCKET)
        self.key_id, self.secret = key["AccessKeyId"], key["SecretAccessKey"]

    def client(self, service: str) -> Any:
        """The library that everybody uses, to look at the bucket from another side."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=self.key_id or "nobody",
            aws_secret_access_key=self.secret or "nothing",
            config=Config(retries={"max_attempts": 0}, proxies={}),
        )

    def empty(self) -> None:
        for name in self.objects():
            self.client("s3").delete_object(Bucket=BUCKET, Key=name)

    def objects(self) -> dict[str, bytes]:
        store = self.client("s3")
        listed = store.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {
            one["Key"]: store.get_object(Bucket=BUCKET, Key=one["Key"])["Body"].read()
            for one in listed
        }


@dataclass
class Gcs(Emulator):
    """gcp-storage-emulator with one bucket on disk, and Google's place for tokens beside it."""

    folder: Path = Path()
    command: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.command = (
            "-m",
            "gcp_storage_emulator",
            *("--data-dir", str(self.folder)),
            *("start", "--host", "127.0.0.1", "--port", "{port}"),
            *("--default-bucket", BUCKET, "--quiet"),
        )

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)

    def empty(self) -> None:
        with urllib.request.urlopen(f"{self.url}/wipe?keep-buckets=true"):
            pass

    def objects(self) -> dict[str, bytes]:
        def get(path: str) -> bytes:
            with urllib.request.urlopen(f"{self.url}/storage/v1/b/{BUCKET}/o{path}") as answer:
                return bytes(answer.read())

        names = [one["name"] for one in json.loads(get("")).get("items", [])]
        return {name: get(f"/{name.replace('/', '%2F')}?alt=media") for name in names}


@dataclass
class Tokens:
    """What Google's place for tokens does: gives one to whoever signs with the account's key."""

    url: str = ""
    given: int = 0
    refuses: bool = False
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    async def give(self, request: web.Request) -> web.Response:
        said = await request.post()
        claims = jwt.decode(
            str(said["assertion"]), self.key.public_key(), ["RS256"], audience=self.url
        )
        if self.refuses or claims["iss"] != "plants@garden.iam":
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.given += 1
        return web.json_response({"access_token": f"token-{self.given}", "expires_in": 3599})

    def account(self) -> str:
        """The file of the account."""
        pem = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return json.dumps(
            {
                "type": "service_account",
                "client_email": "plants@garden.iam",
                "private_key": pem.decode(),
                "token_uri": self.url,
            }
        )


@asynccontextmanager
async def tokens_given() -> AsyncGenerator[Tokens]:
    tokens = Tokens()
    app = web.Application()
    app.router.add_post("/token", tokens.give)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    tokens.url = f"http://127.0.0.1:{port}/token"
    try:
        yield tokens
    finally:
        await runner.cleanup()


@cache
def _running(kind: type[Emulator]) -> Any:
    """One of each kind for all tests of a process: a start takes as long as several of them."""
    pytest_socket.enable_socket()
    emulator = Gcs(folder=Path(tempfile.mkdtemp())) if kind is Gcs else kind()
    atexit.register(emulator.close)
    emulator.start()
    if isinstance(emulator, S3):
        emulator.prepare()
    return emulator


def s3_fixture() -> Any:
    """An empty S3 for a module, to be given the name `s3`."""
    return pytest.fixture(lambda: _emptied(S3), scope="module")


def gcs_fixture() -> Any:
    """An empty Google storage for a module, to be given the name `gcs`."""
    return pytest.fixture(lambda: _emptied(Gcs), scope="module")


def _emptied(kind: type[Emulator]) -> Any:
    emulator = _running(kind)
    pytest_socket.enable_socket()
    emulator.empty()
    return emulator


async def _session(socket_enabled: None) -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def session_fixture() -> Any:
    """A session that may speak to them, to be given the name `session`."""
    return pytest.fixture(_session)


async def _tokens(socket_enabled: None) -> AsyncGenerator[Tokens]:
    async with tokens_given() as tokens:
        yield tokens


def tokens_fixture() -> Any:
    """To be given the name `tokens`."""
    return pytest.fixture(_tokens)


@dataclass
class Line:
    """The way to an emulator, which breaks after so many bytes were sent to it, once."""

    target: int
    breaks_after: int
    port: int = field(default_factory=free_port)
    sent: int = 0
    broken: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to_there = await asyncio.open_connection("127.0.0.1", self.target)
        back = asyncio.create_task(self._pump(there, writer))
        self._tasks.add(back)
        while data := await reader.read(16_384):
            self.sent += len(data)
            if not self.broken and self.sent > self.breaks_after:
                self.broken += 1
                break
            to_there.write(data)
            await to_there.drain()
        to_there.close()
        writer.close()

    @staticmethod
    async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(16_384):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
