"""``python -m standin serve``: Procore on fixed ports of this machine, until it is told to stop."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from standin.command import arguments, output, signals
from standin.command.output import say
from standin.model.hosts import site_named
from standin.server import authority
from standin.server.certificates import Authorities, authorities
from standin.server.running import Procore, serve

HTTP, HTTPS = 8080, 8443
_LAST_PORT = 65535
_TIMEOUT = 5.0
_LONGEST = 1 << 20


def _parser() -> arguments.Parser:
    text = "Serve a local model of Procore's login and quick-start calls, for clients in any language."
    parser = arguments.Parser(prog="python -m standin serve", description=text)
    where = parser.add_argument_group("where")
    port = arguments.number(0, _LAST_PORT)
    where.add_argument("--http", type=port, default=HTTP, metavar="PORT", help=f"plain base and proxy ({HTTP}; 0: any)")
    where.add_argument("--port", type=port, default=HTTPS, metavar="PORT", help=f"the same over TLS ({HTTPS}; 0: any)")
    where.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    where.add_argument("--ca", type=Path, metavar="FOLDER", help="of the CA that stays (the user's data folder)")
    told = parser.add_argument_group("what it tells")
    told.add_argument("--log", choices=list(output.LOGS), default="text", help="a line for each request, on stderr")
    told.add_argument("--env-file", type=Path, metavar="FILE", help="write what a client needs, as dotenv reads it")
    told.add_argument(
        "--print-env", action="store_true", help="print export lines, and return at once if a stand-in serves already"
    )
    arguments.add_world(parser)
    return parser


def main(given: Sequence[str]) -> int:
    """Run the command; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(given)
    if options.print_env and (running := _running(options.http)):
        print(output.exports(running), end="", flush=True)
        return 0
    try:
        wanted = arguments.wanted_from(options)
        world = arguments.world_from(options, wanted)
        certificate = wanted.shown_certificate()
        folder = options.ca or authority.folder()
        issuers = Authorities(authority.kept(folder), authorities().unknown, folder.resolve())
    except (ValueError, authority.Unusable) as problem:
        parser.error(str(problem))
    world.watchers += output.watcher(options.log)
    serving = serve(
        world,
        site=site_named(options.site),
        certificate=certificate,
        issuers=issuers,
        host=options.host,
        http=options.http,
        https=options.port,
    )
    try:
        with signals.listening(), serving as procore:
            procore.server.complain = output.complainer(options.log)
            _tell(options, procore)
            signals.wait()
    except signals.Interrupted:
        return 0
    except ValueError as problem:
        parser.error(str(problem))
    except OSError as problem:
        parser.error(f"cannot listen on {options.host} ({problem.strerror}): choose others with --http and --port")
    return 0


def _tell(options: argparse.Namespace, procore: Procore) -> None:
    if options.env_file:
        output.write_env_file(options.env_file, procore.direct, procore.variables, procore.server.secure_url)
    if options.print_env:
        print(output.exports(procore.variables), end="", flush=True)
        return
    folder = procore.server.issuers.folder or Path()
    query = {
        "response_type": "code",
        "client_id": procore.variables["PROCORE_CLIENT_ID"],
        "redirect_uri": procore.variables["PROCORE_REDIRECT_URI"],
    }
    say(f"The stand-in plays Procore's {procore.site.name}: nothing here is Procore. Ctrl-C ends it.")
    say(f"  login and API   {procore.url}   (PROCORE_LOGIN_URL and PROCORE_API_URL of a client that knows no proxy)")
    say(f"  over TLS        {procore.server.secure_url}   (CA: {folder / authority.CERTIFICATE})")
    say(f"  by proxy        HTTPS_PROXY={procore.url}   (for {' and '.join(procore.site.hosts[:2])})")
    say(f"  authorize       {procore.url}/oauth/authorize?{urlencode(query)}")
    again = "" if options.http == HTTP else f" --http {procore.server.plain.address[1]}"
    say(f'  credentials     eval "$(python -m standin serve --print-env{again})", or --env-file FILE')
    soon = authority.ends_soon(procore.server.issuers.trusted)
    if soon:
        say(f"  The CA ends on {soon}; remove {folder} then, start again, and trust the new one.")


def _running(port: int) -> dict[str, str]:
    """The variables of the stand-in that serves on this port, with a fresh code; nothing if there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        connection.request("GET", "/.standin/env")
        answer = connection.getresponse()
        told = json.loads(answer.read(_LONGEST)) if answer.status == http.HTTPStatus.OK else {}
        proxied = told.get("proxy") if isinstance(told, dict) else None
        if isinstance(proxied, dict):
            return {str(name): str(value) for name, value in proxied.items()}
    return {}
