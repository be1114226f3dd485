"""Finds out who is signed in: requests /auth/userinfo with the session cookie of a WSGI request (`environ`)."""
import concurrent.futures
import contextlib
import http.client
import json
import os
import re
from urllib.parse import quote, urlsplit

PUBLIC_URL = os.environ.get("ONE_LOGIN_PUBLIC_URL", "http://localhost:8080/auth")
PREFETCH = ["SEC_PURPOSE", "X_SEC_PURPOSE", "PURPOSE", "X_PURPOSE", "X_MOZ", "NEXT_ROUTER_PREFETCH"]
threads = concurrent.futures.ThreadPoolExecutor(32)


class Unavailable(Exception):
    """It is unknown who is signed in. That does not mean that no user is."""


def fetch_user(environ):
    """Returns the user or None, and the Set-Cookie headers for the browser. Raises Unavailable."""
    # Only space and tab are white space. Another host of the domain may have planted a second cookie of the name.
    pairs = [pair.strip(" \t") for pair in environ.get("HTTP_COOKIE", "").split(";")]
    found = [pair for pair in pairs if pair.startswith("__Host-one-login-session=")]
    if len(found) != 1 or not re.fullmatch(r"[\w=.-]+", found[0], re.ASCII):
        return None, []
    # A page that the browser fetches before the user opens it must not keep the session alive.
    query = "?peek=1" if any(f"HTTP_{name}" in environ for name in PREFETCH) else ""
    try:
        # The timeout of a connection is for each part of the response. This one is for all of it.
        status, cookies, body = threads.submit(request_userinfo, found[0], query).result(timeout=3)
        user = json.loads(body) if status == 200 else None
    except (OSError, ValueError, http.client.HTTPException, concurrent.futures.TimeoutError) as error:
        raise Unavailable from error
    if status == 401:
        return None, cookies
    if not isinstance(user, dict) or not isinstance(user.get("sub"), str):
        raise Unavailable
    return user, []


def request_userinfo(cookie, query):
    url = urlsplit(PUBLIC_URL)
    connect = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    with contextlib.closing(connect(url.netloc, timeout=3)) as connection:
        headers = {"Accept": "application/json", "Cookie": cookie}
        connection.request("GET", f"{url.path}/userinfo{query}", headers=headers)
        response = connection.getresponse()
        return response.status, response.headers.get_all("Set-Cookie", []), response.read()


def is_proved(user, level):
    # P1 is below P2, also as text.
    return user["identity"]["outcome"] == "proved" and user["identity"]["vot"] >= level


def is_cross_site(environ):
    """Whether a request may change something and does not come from a page of this service."""
    if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
        return False
    site, url = environ.get("HTTP_SEC_FETCH_SITE"), urlsplit(PUBLIC_URL)
    return site != "same-origin" if site else environ.get("HTTP_ORIGIN") != f"{url.scheme}://{url.netloc}"


def is_navigation(environ):
    """Whether a person waits for a page, and not a program for data."""
    return "text/html" in environ.get("HTTP_ACCEPT", "")


def link(route, return_to):
    """Builds the link to `login` or `prove-identity`, from where the user returns to that path."""
    return f"{PUBLIC_URL}/{route}?return_to={quote(return_to, safe='')}"
