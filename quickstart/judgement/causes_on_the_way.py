"""The rows of causes that lie between us and Procore, or on Procore's own side: no setting of the app is to blame."""

from quickstart.exchange.answer import TOO_MANY_REQUESTS
from quickstart.exchange.definitions import GATEWAYS
from quickstart.judgement.cause import Case
from quickstart.judgement.portal import AUTHORIZE, SUPPORT
from quickstart.run.tokens import REFRESH

# A refresh whose answer is lost uses the refresh token up all the same (Procore's error reference): no trying again.
_AGAIN = f"look at status.procore.com, and authorize again: {AUTHORIZE}"
NOT_MODIFIED = 304  # it leads nowhere

# On the way: these explain every exchange, whatever it asked for.
ON_THE_WAY = (
    Case(
        "refresh-lost",
        "the answer to the refresh was lost ({detail}), and the refresh token may be spent",
        _AGAIN,
        exchanges=(REFRESH,),
        failure=("reset", "incomplete", "timeout", "encoding", "size"),
        known=("no code-exchanged",),
    ),
    Case(
        "refresh-lost",
        "{host} answered the refresh with {status}, and the refresh token may be spent",
        _AGAIN,
        exchanges=(REFRESH,),
        statuses=tuple(range(500, 600)),
        known=("no code-exchanged",),
    ),
    Case(
        "dns",
        "{host} cannot be resolved: there is no network, or the name is wrong",
        "look at the network and its DNS; PROCORE_LOGIN_URL and PROCORE_API_URL should be unset, or right",
        failure=("dns",),
    ),
    Case(
        "proxy-password",
        "{detail}",
        "write its user and password into HTTPS_PROXY (http://USER:PASSWORD@HOST:PORT), or add {host} to NO_PROXY",
        failure=("proxy",),
        detail="407",
    ),
    Case(
        "proxy-unreachable",
        "{detail}",
        "set HTTPS_PROXY to a proxy that runs, or unset it where this network needs none",
        failure=("proxy",),
        detail="cannot be reached",
    ),
    Case(
        "proxy-refuses",
        "{detail}",
        "have whoever runs the proxy let {host} through, or add {host} to NO_PROXY where it can be reached directly",
        failure=("proxy",),
    ),
    Case(
        "certificate-time",
        "the certificate of {host} is not valid today: {detail}",
        "look at this machine's clock first; if that is right, send no secret, and tell whoever runs {host}",
        failure=("certificate",),
        detail="expired|not yet valid",
    ),
    Case(
        "certificate-name",
        "what answers under {host} shows the certificate of somebody else: {detail}",
        "look at DNS, at HTTPS_PROXY and at the hosts file of this machine, and send no secret until {host} leads to "
        "Procore",
        failure=("certificate",),
        detail="(?i)hostname|IP address mismatch",
    ),
    Case(
        "certificate-issuer",
        "nobody whom this machine trusts vouches for the certificate of {host}: {detail}",
        "where a proxy of your company reads along on purpose, set REQUESTS_CA_BUNDLE to its certificate authority "
        "(PEM); elsewhere send no secret",
        failure=("certificate",),
    ),
    Case(
        "tls",
        "the TLS handshake with {host} failed",
        "let TLS 1.2 or newer through on the way to {host}; look at the proxy and the firewall",
        failure=("tls",),
    ),
    Case(
        "time-out",
        "{host} did not answer in time ({exchange})",
        "try again; if it stays, look at the firewall, at status.procore.com, or raise PROCORE_TIMEOUT",
        failure=("timeout",),
    ),
    Case(
        "connect",
        "{host} refuses connections",
        "look at the firewall and at status.procore.com",
        failure=("connect",),
    ),
    Case(
        "broken-answer",
        "the answer of {host} to {exchange} did not arrive whole: {detail}",
        "try again; if it stays, look at status.procore.com and at the proxy, then report it to Procore "
        f"{SUPPORT} with the time of this run",
        failure=("reset", "incomplete", "encoding", "size"),
    ),
    Case(
        "rate-limit",
        "the rate limit of this account is used up (429)",
        "wait {wait}, and let nothing else use the account at the same time",
        statuses=(TOO_MANY_REQUESTS,),
    ),
    Case(
        "unavailable",
        "{host} is not available ({status})",
        "try again later; look at status.procore.com",
        statuses=(503, *GATEWAYS),
    ),
    Case(
        "server-error",
        "{host} failed on its own side at {exchange} ({status})",
        f"try again; if it stays, look at status.procore.com, then report it to Procore {SUPPORT} with {{request_id}}",
        statuses=(408, *range(500, 600)),  # Procore's error reference of 408: it took the server too long
    ),
    Case(
        "page",
        "a page came from {host} where {exchange} promises JSON: a proxy, a portal of this network, or maintenance",
        "open https://{host} in a browser of this machine and read what it says; if that is Procore's own page, report "
        f"it to Procore {SUPPORT} with {{request_id}}",
        page=True,
    ),
    Case(
        "gateway",
        "{host} refuses {exchange} with a page ({status}), as a firewall does and Procore's API does not",
        "open https://{host} in a browser of this machine and read what it says: whoever runs the proxy or firewall "
        f"must let this machine through; if it is Procore's, report it {SUPPORT} with {{request_id}}",
        statuses=(403, 405, 406, 421, 451),
        page=True,
    ),
    Case(
        "gateway",
        "{host} refuses the authorize URL ({status}), as a firewall does",
        "open https://{host} in a browser of this machine and read what it says: whoever runs the proxy or firewall "
        f"must let this machine through; if it is Procore's, report it {SUPPORT} with {{request_id}}",
        exchanges=("authorize",),
        statuses=(403, 421, 451),  # a wrong client or redirect URI is 400 or 401 (facts/doorkeeper.md 1)
    ),
    Case(
        "redirected",
        "{host} redirects {exchange} to {to}, and the suite follows no redirect with a secret",
        "where {to} is not Procore's, look at the proxy and the network; else report it to Procore "
        f"{SUPPORT} with {{request_id}}",
        statuses=tuple(status for status in range(300, 400) if status != NOT_MODIFIED),
    ),
)
