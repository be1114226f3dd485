"""An application with a few routes: python3 orders_app.py <public URL> [<timeout in seconds>]

Prints the address that it answers at.
"""

import json
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from one_login_user import OneLogin

one_login = OneLogin(sys.argv[1], timeout=float(sys.argv[2]) if len(sys.argv) > 2 else 3.0)

ROUTES = {
    "GET /orders": one_login.require_user,
    "POST /orders": one_login.require_user,
    "GET /refunds": lambda environ: one_login.require_identity(environ, "P2"),
    "GET /time-left": lambda environ: one_login.require_user(environ, peek=True),
}


def app(environ, start_response):
    route = ROUTES.get(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
    if route is None:
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    refusal = one_login.refuse_cross_site(environ)
    if refusal:
        return refusal.send(start_response)
    user, refusal = route(environ)
    if refusal:
        return refusal.send(start_response)
    start_response("200 OK", [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
    return [json.dumps({"orders_of": user["sub"]}).encode()]


class RequestHandler(WSGIRequestHandler):
    """wsgiref, which no service runs on, strips white space that browsers leave: the Cookie header has to stay as it is."""

    def get_environ(self):
        return {**super().get_environ(), "HTTP_COOKIE": ";".join(self.headers.get_all("Cookie", []))}


if __name__ == "__main__":
    with make_server("127.0.0.1", 0, app, handler_class=RequestHandler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
