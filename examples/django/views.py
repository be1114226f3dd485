"""A service whose users sign in with GOV.UK One Login."""
from django.core import signing
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views import View

import one_login


class OneLoginMiddleware:
    """Refuses what other sites send, so that forms need no tokens. Adds cookies and headers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.user, request.draft, request.new_cookies = None, None, []
        if one_login.is_cross_site(request.META):
            response = refuse(request, 403, "cross_site_request", "Sorry, this did not work", "Open the form again.")
        else:
            response = self.get_response(request)
        for cookie in request.new_cookies:
            response.cookies.load(cookie)
        if request.draft is not None:
            draft, age = signing.dumps(request.draft, compress=True), 3600 if request.draft else 0
            response.set_cookie("__Host-draft", draft, max_age=age, secure=True, httponly=True, samesite="Lax")
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, one_login.Unavailable):
            text = "Try again in a few minutes. If you sent a form, we keep it for an hour."
            response = refuse(request, 503, "temporarily_unavailable", "Sorry, there is a problem with the service", text)
            response.headers["Retry-After"] = "30"
            return response


def fetch_user(request):
    request.user, request.new_cookies = one_login.fetch_user(request.META)
    return request.user


def page(request, title, text="", links={}, status=200, **more):
    values = {"title": title, "text": text, "links": links, "auth": one_login.PUBLIC_URL, "user": request.user}
    return render(request, "page.html", values | more, status=status)


def refuse(request, status, error, title, text):
    """Responds to people with a page, and to programs with JSON."""
    if one_login.is_navigation(request.META):
        return page(request, title, text, status=status)
    return JsonResponse({"error": error}, status=status)


def lead_to(request, route, status=401, error="login_required", name="login_url"):
    """Leads people to `login` or `prove-identity` and back, and gives programs the address."""
    if not one_login.is_navigation(request.META):
        return JsonResponse({"error": error, name: f"{one_login.PUBLIC_URL}/{route}"}, status=status)
    return HttpResponseRedirect(one_login.link(route, request.get_full_path()), status=303)


def start(request):
    user = fetch_user(request)
    if user is None:
        return page(request, "Start page", "You are not signed in.", {"Sign in": one_login.link("login", "/")})
    links = {"Your account": "/account", "Your application": "/application", "Your note": "/form"}
    return page(request, "Start page", f"You are signed in as {user.get('email', user['sub'])}.", links)


def account(request):
    email = (fetch_user(request) or {}).get("email", "unknown")
    return page(request, "Your account", f"Your email address is {email}.") if request.user else lead_to(request, "login")


def application(request):
    user = fetch_user(request)
    if user is None:
        return lead_to(request, "login")
    if not one_login.is_proved(user, "P2"):
        if user["identity"]["outcome"] != "not_proved" or not one_login.is_navigation(request.META):
            return lead_to(request, "prove-identity", 403, "insufficient_identity", "step_up_url")
        # The user may have just come back without success. Only they decide whether to try again.
        links = {"Try again": one_login.link("prove-identity", "/application")}
        return page(request, "You have not proved your identity", links=links, status=403)
    names = [name["full_name"] for name in user["identity"]["names"] if not name.get("valid_until")]
    return page(request, "Your application", f"Your name is {', '.join(names)}.")


class Form(View):
    def get(self, request):
        user = fetch_user(request)
        if user is None:
            return lead_to(request, "login")
        try:
            draft = signing.loads(request.COOKIES.get("__Host-draft", ""), max_age=3600)
        except signing.BadSignature:
            draft = {}
        # On a shared computer, the next user must not see it.
        note = draft["note"] if draft.get("owner") == user["sub"] else ""
        return page(request, "Your note", "Check it, then send it again." if note else "", note=note, is_form=True)

    def post(self, request):
        owner, note = request.POST.get("owner"), request.POST.get("note", "").replace("\r\n", "\n")
        is_short = len(note) <= 500
        # A cookie keeps it for now, because the session may have ended.
        request.draft = {"owner": owner, "note": note} if is_short else None
        user = fetch_user(request)
        if user is None or user["sub"] != owner:
            return lead_to(request, "login")
        if not is_short:
            return page(request, "Error: your note", "Write at most 500 characters.", {}, 400, note=note, is_form=True)
        request.draft = {}
        return page(request, "Note received", note)


urlpatterns = [path("", start), path("account", account), path("application", application)]
urlpatterns += [path("form", Form.as_view())]
