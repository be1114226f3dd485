"""A service whose users sign in with GOV.UK One Login. Start it with `python app.py`."""
import os
import secrets
from urllib.parse import quote

from flask import Flask, g, redirect, render_template, request, session

import one_login

app = Flask(__name__)
# The session holds nothing but the draft of a form. All instances of the service need the same key.
app.secret_key = os.environ.get("SECRET_KEY") or secrets.token_hex()
app.config.update(SESSION_COOKIE_NAME="__Host-draft", SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
app.config.update(PERMANENT_SESSION_LIFETIME=3600)


@app.before_request
def refuse_cross_site():
    if one_login.is_cross_site(request.environ):
        return refuse(403, "cross_site_request", "Sorry, this did not work", "Open the form again.")


@app.after_request
def add_headers(response):
    for cookie in g.get("cookies", []):
        response.headers.add("Set-Cookie", cookie)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response


def fetch_user():
    g.user, g.cookies = one_login.fetch_user(request.environ)
    return g.user


def page(title, text="", links={}, status=200, **more):
    values = {"title": title, "text": text, "links": links, "auth": one_login.PUBLIC_URL, "user": g.get("user")}
    return render_template("page.html", **values, **more), status


def refuse(status, error, title, text):
    """Responds to people with a page, and to programs with JSON."""
    is_page = one_login.is_navigation(request.environ)
    return page(title, text, status=status) if is_page else ({"error": error}, status)


def lead_to(route, status=401, error="login_required", name="login_url"):
    """Leads people to `login` or `prove-identity` and back, and gives programs the address."""
    if not one_login.is_navigation(request.environ):
        return {"error": error, name: f"{one_login.PUBLIC_URL}/{route}"}, status
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return redirect(one_login.link(route, quote(request.path) + query), 303)


@app.errorhandler(one_login.Unavailable)
def unavailable(_):
    text = "Try again in a few minutes. If you sent a form, we keep it for an hour."
    title = "Sorry, there is a problem with the service"
    return *refuse(503, "temporarily_unavailable", title, text), {"Retry-After": "30"}


@app.get("/")
def start():
    user = fetch_user()
    if user is None:
        return page("Start page", "You are not signed in.", {"Sign in": one_login.link("login", "/")})
    links = {"Your account": "/account", "Your application": "/application", "Your note": "/form"}
    return page("Start page", f"You are signed in as {user.get('email', user['sub'])}.", links)


@app.get("/account")
def account():
    user = fetch_user()
    return page("Your account", f"Your email address is {user.get('email', 'unknown')}.") if user else lead_to("login")


@app.get("/application")
def application():
    user = fetch_user()
    if user is None:
        return lead_to("login")
    if not one_login.is_proved(user, "P2"):
        if user["identity"]["outcome"] != "not_proved" or not one_login.is_navigation(request.environ):
            return lead_to("prove-identity", 403, "insufficient_identity", "step_up_url")
        # The user may have just come back without success. Only they decide whether to try again.
        links = {"Try again": one_login.link("prove-identity", "/application")}
        return page("You have not proved your identity", links=links, status=403)
    names = [name["full_name"] for name in user["identity"]["names"] if not name.get("valid_until")]
    return page("Your application", f"Your name is {', '.join(names)}.")


@app.get("/form")
def form():
    user, draft = fetch_user(), session.get("draft", {})
    if user is None:
        return lead_to("login")
    # On a shared computer, the next user must not see it.
    note = draft["note"] if draft.get("owner") == user["sub"] else ""
    return page("Your note", "Check it, then send it again." if note else "", note=note, is_form=True)


@app.post("/form")
def send_form():
    owner, note = request.form.get("owner"), request.form.get("note", "").replace("\r\n", "\n")
    is_short = len(note) <= 500
    if is_short:
        # A cookie keeps it for now, because the session may have ended.
        session.permanent, session["draft"] = True, {"owner": owner, "note": note}
    user = fetch_user()
    if user is None or user["sub"] != owner:
        return lead_to("login")
    if not is_short:
        return page("Error: your note", "Write at most 500 characters.", status=400, note=note, is_form=True)
    session.clear()
    return page("Note received", note)


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "5000")))
