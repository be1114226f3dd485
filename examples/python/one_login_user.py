"""Finds out who is signed in by asking /auth/userinfo, from server to server, with the user's session cookie.

For WSGI applications (Flask, Django, wsgiref), with nothing but Python's standard library. See docs/using-userinfo.md.

    one_login = OneLogin("https://service.example.gov.uk/auth")

    def orders(environ, start_response):
        user, refusal = one_login.require_user(environ)
        if refusal:
            return refusal.send(start_response)
        ...
"""

import http.client
import json
import re
from urllib.parse import quote, urlsplit

COOKIE_NAME = "__Host-one-login-session"
LEVELS = ["P1", "P2"]


class Unavailable(Exception):
    """It can't be known who is signed in. That is not "nobody": an outage must not send users to sign in."""


class Refusal:
    """The answer for a request that may not go on."""

    def __init__(self, status, headers, body=b""):
        self.status = status
        self.headers = [*headers, ("Cache-Control", "no-store"), ("Content-Length", str(len(body)))]
        self.body = body

    def send(self, start_response):
        start_response(self.status, self.headers)
        return [self.body]


class OneLogin:
    """Asks a deployment who is signed in.

    public_url: the outside URL up to and with /auth: users are sent there.
    api_url: where to ask, if not there: the stack's output ApiUrl saves the way through a CDN.
    timeout: how long to wait for the connection, and for each part of the answer, in seconds.
    """

    def __init__(self, public_url, api_url=None, timeout=3.0):
        self.public_url = public_url
        self.api = urlsplit(api_url or public_url)
        self.timeout = timeout

    def require_user(self, environ, peek=False):
        """Returns (user, None) for a user who is signed in, else (None, refusal).

        peek: for requests that a page makes by itself. They do not keep the session alive.
        """
        try:
            user = self._fetch_user(environ, peek)
        except Unavailable:
            return None, _json("503 Service Unavailable", {"error": "temporarily_unavailable"}, [("Retry-After", "30")])
        if user is None:
            url = f"{self.public_url}/login"
            return None, _lead_to(environ, url, "401 Unauthorized", {"error": "login_required", "login_url": url})
        return user, None

    def require_identity(self, environ, level):
        """The same, for a user whose identity is proved at that level, "P1" or "P2", or better."""
        user, refusal = self.require_user(environ)
        if refusal:
            return None, refusal
        identity = user["identity"]
        if identity["outcome"] == "proved" and LEVELS.index(identity["vot"]) >= LEVELS.index(level):
            return user, None
        url = f"{self.public_url}/prove-identity"
        return None, _lead_to(environ, url, "403 Forbidden", {"error": "insufficient_identity", "step_up_url": url})

    def refuse_cross_site(self, environ):
        """Returns a refusal of what changes something and comes from another origin, sibling hosts included."""
        if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
            return None
        site = environ.get("HTTP_SEC_FETCH_SITE")
        own = "{0.scheme}://{0.netloc}".format(urlsplit(self.public_url))
        allowed = environ.get("HTTP_ORIGIN") == own if site is None else site == "same-origin"
        return None if allowed else _json("403 Forbidden", {"error": "cross_site_request"})

    def _fetch_user(self, environ, peek):
        cookie = _session_cookie(environ)
        if cookie is None:
            return None
        secure = self.api.scheme == "https"
        connection_class = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = connection_class(self.api.netloc, timeout=self.timeout)
        try:
            quietly = peek or _is_prefetch(environ)
            path = f"{self.api.path}/userinfo{'?peek=1' if quietly else ''}"
            connection.request("GET", path, headers={"Accept": "application/json", "Cookie": cookie})
            response = connection.getresponse()
            if response.status == 401:
                return None
            if response.status != 200:
                raise Unavailable
            user = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unavailable from error
        finally:
            connection.close()
        if not isinstance(user, dict) or not isinstance(user.get("sub"), str):
            raise Unavailable
        return user


def _session_cookie(environ):
    """The session cookie and no other: the rest is nobody else's business. Two of the name count as none."""
    pairs = [pair.strip() for pair in environ.get("HTTP_COOKIE", "").split(";")]
    found = [pair for pair in pairs if pair.startswith(f"{COOKIE_NAME}=")]
    return found[0] if len(found) == 1 and re.fullmatch(r"[A-Za-z0-9_=.-]+", found[0]) else None


def _is_prefetch(environ):
    """A page that is fetched ahead, which the user may never look at, does not keep the session alive."""
    marks = ["SEC_PURPOSE", "X_SEC_PURPOSE", "PURPOSE", "X_PURPOSE", "X_MOZ", "NEXT_ROUTER_PREFETCH"]
    return any(f"HTTP_{name}" in environ for name in marks)


def _lead_to(environ, url, status, body):
    """A page navigation is redirected, and comes back afterwards. Anything else is told where to go."""
    if environ["REQUEST_METHOD"] != "GET" or "text/html" not in environ.get("HTTP_ACCEPT", ""):
        return _json(status, body)
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING", "")
    return_to = quote(f"{path}?{query}" if query else path, safe="")
    return Refusal("303 See Other", [("Location", f"{url}?return_to={return_to}")])


def _json(status, body, headers=()):
    return Refusal(status, [("Content-Type", "application/json"), *headers], json.dumps(body).encode())
