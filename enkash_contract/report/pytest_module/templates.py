"""The parts of a module of tests that are the same for every run."""

from __future__ import annotations

INTRODUCTION = '''\
"""What was found in {target}: {counts}, each shown again by a test.

The contract is {operation}
of {document}, sha256 {sha256}.
What was tested of it: {tested}.

Needs pytest, httpx and jsonschema-rs, and is run by

    {command}
{credentials}"""

'''

CREDENTIALS = """
Credentials are read from the environment: {names}.
"""

VARIABLE = '''\
def variable(name):
    """Return an environment variable; whatever needs one that is not set is skipped."""
    if name not in os.environ:
        reason = f"{name} is not set, and its value is not written here"
        pytest.skip(reason, allow_module_level=True)
    return os.environ[name]'''

RESPONSE = '''\
@dataclass
class Response:
    """The response to a request; without a status, there was none."""

    status: int | None = None
    label: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)'''

SEND = '''\
def send(*pieces, {defaults}, fields=(), sized=True):
    """Send the request whose body these pieces make up, and return the response."""
    body = b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)
    labelled = [("Content-Type", label) for label in labels]
    base = URL.rstrip("/").removesuffix(PATH)
    address = URL if URL.startswith(base + PATH) and path == PATH else base + path
    request = CLIENT.build_request(method, address, headers=[*labelled, *fields], content=body)
    if not sized:
        request.headers.pop("Content-Length", None)
    return exchange(request)'''

_SYNCHRONOUS = '''\
def exchange(request):
    """Send a request; what is not all there in time, or has no end, is no response."""
    ends, body = time.monotonic() + TIMEOUT, b""
    try:
        with contextlib.closing(CLIENT.send(request, stream=True)) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > 1 << 20 or time.monotonic() > ends:
                    return Response()
{excepts}
    return Response(response.status_code, media_type(response), body)'''

_OVER_HTTP = """\
    except httpx.ConnectError:
        raise
    except (httpx.HTTPError, OSError):
        return Response()"""

_IN_PROCESS = """\
    except (Exception, SystemExit):
        return Response(500)"""

_ASYNCHRONOUS = '''\
def exchange(request):
    """Call the application; one that raises is a server that breaks."""
    try:
        return asyncio.run(asyncio.wait_for(called(request), TIMEOUT))
    except TimeoutError:
        return Response()
    except (Exception, SystemExit):
        return Response(500)


async def called(request):
    """Call the application as a server does, its lifespan around the request."""
    to_app, from_app, state = asyncio.Queue(), asyncio.Queue(), {{}}
    scope = {{"type": "lifespan", "asgi": {{"version": "3.0"}}, "state": state}}
    life = asyncio.ensure_future(APP(scope, to_app.get, from_app.put))

    async def phase(name):
        await to_app.put({{"type": f"lifespan.{{name}}"}})
        reply = asyncio.ensure_future(from_app.get())
        await asyncio.wait({{life, reply}}, return_when=asyncio.FIRST_COMPLETED)
        reply.cancel()

    async def started(scope, receive, send):
        await APP({{**scope, "state": dict(state)}}, receive, send)

    await phase("startup")
    try:
        response = await httpx.ASGITransport(started).handle_async_request(request)
        return Response(response.status_code, media_type(response), await response.aread())
    finally:
        await phase("shutdown")
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)'''

EXCHANGE = {
    "url": _SYNCHRONOUS.format(excepts=_OVER_HTTP),
    "wsgi": _SYNCHRONOUS.format(excepts=_IN_PROCESS),
    "asgi": _ASYNCHRONOUS.format(),
}
"""How a request is sent, by the kind of the target."""

MEDIA_TYPE = '''\
def media_type(response):
    """Return what the response is labelled as, without parameters."""
    labels = response.headers.get_list("Content-Type") or [""]
    return labels[0].partition(";")[0].strip().lower()'''

OUTCOMES = (
    '"""How a response is read: the first that fits its status and body; otherwise unknown."""'
)

OUTCOME = '''\
def outcome(response):
    """Return what the server did with the request."""
    if response.status is None:
        return "error"
    seen = {"status": response.status}
    with contextlib.suppress(ValueError, RecursionError):
        body = json.loads(response.body)
        # What cannot be written as JSON again was no JSON.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        seen["body"] = body
    for name, schema in OUTCOMES.items():
        if jsonschema_rs.Draft202012Validator(schema).is_valid(seen):
            return name
    return "unknown"'''

DOCUMENTED = '''\
def documented(response, *statuses):
    """Return whether the status is one of these; 4XX is any that begins with 4."""
    return bool({str(response.status), f"{str(response.status)[0]}XX"} & {*statuses})'''

KEEPS = '''\
def keeps(response, schema):
    """Return whether the body is JSON that keeps `schema`."""
    try:
        return jsonschema_rs.Draft202012Validator(schema).is_valid(json.loads(response.body))
    except (ValueError, RecursionError):
        return False'''

HELPERS = {"outcome": OUTCOME, "documented": DOCUMENTED, "keeps": KEEPS}
"""The functions that tests call; each is left out where none does."""

BASELINE = '''\
@pytest.fixture(scope="module")
def baseline():
    """Send the request that all others are changes of: unless it is accepted, nothing is proven."""
{sending}
    if outcome(response) != "accepted":
        pytest.fail(f"nothing can be concluded: the baseline was not accepted, but {{response}}")'''

NOTHING_FOUND = '''\
def test_baseline(baseline):
    """Nothing was found, and nothing has changed as long as the baseline is accepted."""'''
