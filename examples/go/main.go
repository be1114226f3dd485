// A service whose users sign in with GOV.UK One Login. Start it with `go run .`
package main

import (
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

//go:embed page.html
var source string
var layout = template.Must(template.New("page").Parse(source))
var publicURL, _ = url.Parse(cmp.Or(os.Getenv("ONE_LOGIN_PUBLIC_URL"), "http://localhost:8080/auth"))

// The key encrypts drafts. All instances of the service need the same one.
var key = sha256.Sum256([]byte(cmp.Or(os.Getenv("SECRET_KEY"), rand.Text())))
var block, _ = aes.NewCipher(key[:])
var aead, _ = cipher.NewGCMWithRandomNonce(block)

// A redirect is a response like others. It is not followed.
var client = http.Client{Timeout: 3 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
	return http.ErrUseLastResponse
}}

// Only space and tab are white space.
var cookies = regexp.MustCompile(`(?:^|;)[ \t]*(__Host-one-login-session=[^;]*)`)
var validCookie = regexp.MustCompile(`^[\w=.-]+[ \t]*$`)
var prefetch = []string{"Sec-Purpose", "X-Sec-Purpose", "Purpose", "X-Purpose", "X-Moz", "Next-Router-Prefetch"}

type user struct {
	Sub, Email string
	Identity   struct {
		Outcome, Vot string
		Names        []map[string]any
	}
}

// fetchUser returns the user, which is nil if no user is signed in, and whether that is known at all.
func fetchUser(w http.ResponseWriter, r *http.Request) (u *user, known bool) {
	found := cookies.FindAllStringSubmatch(strings.Join(r.Header["Cookie"], ";"), -1)
	// Another host of the domain may have planted a second cookie of the name.
	if len(found) != 1 || !validCookie.MatchString(found[0][1]) {
		return nil, true
	}
	userinfo := publicURL.JoinPath("userinfo")
	// A page that the browser fetches before the user opens it must not keep the session alive.
	if slices.ContainsFunc(prefetch, func(name string) bool { return r.Header[name] != nil }) {
		userinfo.RawQuery = "peek=1"
	}
	headers := http.Header{"Accept": {"application/json"}, "Cookie": {strings.TrimRight(found[0][1], " \t")}}
	response, err := client.Do((&http.Request{URL: userinfo, Header: headers}).WithContext(r.Context()))
	if err != nil {
		return nil, false
	}
	defer response.Body.Close()
	if response.StatusCode == 401 {
		w.Header()["Set-Cookie"] = append(w.Header()["Set-Cookie"], response.Header["Set-Cookie"]...)
		return nil, true
	}
	err = json.NewDecoder(response.Body).Decode(&u)
	return u, response.StatusCode == 200 && err == nil && u != nil && u.Sub != ""
}

// isCrossSite reports whether a request may change something and does not come from a page of this service.
func isCrossSite(r *http.Request) bool {
	if slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, r.Method) {
		return false
	} else if site := r.Header["Sec-Fetch-Site"]; site != nil {
		return site[0] != "same-origin"
	}
	return r.Header.Get("Origin") != publicURL.Scheme+"://"+publicURL.Host
}

// keepDraft keeps a form in a cookie, because the session may have ended.
func keepDraft(w http.ResponseWriter, draft string, seconds int) {
	value := base64.RawURLEncoding.EncodeToString(aead.Seal(nil, nil, []byte(draft), nil))
	http.SetCookie(w, &http.Cookie{Name: "__Host-draft", Value: value, MaxAge: seconds, Path: "/", Secure: true,
		HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// readDraft returns the note that this user sent. Another person may use the browser now.
func readDraft(r *http.Request, u *user) string {
	if cookie, err := r.Cookie("__Host-draft"); err == nil && u != nil {
		sealed, _ := base64.RawURLEncoding.DecodeString(cookie.Value)
		draft, _ := aead.Open(nil, nil, sealed, nil)
		if note, isOwn := strings.CutPrefix(string(draft), u.Sub+"\n"); isOwn {
			return note
		}
	}
	return ""
}

// isNavigation reports whether a person waits for a page, and not a program for data.
func isNavigation(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// show responds with the page of that name. If something is wrong, programs get the name and the fields as JSON.
func show(w http.ResponseWriter, r *http.Request, status int, page string, u *user, fields map[string]any) {
	if status != 200 && !isNavigation(r) {
		fields["error"] = page
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(fields)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	layout.Execute(w, map[string]any{"Page": page, "User": u, "Auth": publicURL, "Fields": fields})
}

// leadTo leads people to login or prove-identity and back, and gives programs the address.
func leadTo(w http.ResponseWriter, r *http.Request, route string, status int, code, name string) {
	address := publicURL.JoinPath(route).String()
	if isNavigation(r) {
		http.Redirect(w, r, address+"?return_to="+url.QueryEscape(r.URL.RequestURI()), 303)
	} else {
		show(w, r, status, code, nil, map[string]any{name: address})
	}
}

func serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if isCrossSite(r) {
		show(w, r, 403, "cross_site_request", nil, map[string]any{})
		return
	}
	owner, note := r.PostFormValue("owner"), strings.ReplaceAll(r.PostFormValue("note"), "\r\n", "\n")
	isShort := utf8.RuneCountInString(note) <= 500
	if r.Method == "POST" && isShort {
		keepDraft(w, owner+"\n"+note, 3600)
	}
	switch u, known := fetchUser(w, r); {
	case !known:
		w.Header().Set("Retry-After", "30")
		show(w, r, 503, "temporarily_unavailable", nil, map[string]any{})
	case r.URL.Path != "/" && u == nil, r.Method == "POST" && u.Sub != owner:
		leadTo(w, r, "login", 401, "login_required", "login_url")
	case r.URL.Path == "/application" && u.Identity.Outcome == "not_proved" && isNavigation(r):
		// The user may have just come back without success. Only they decide whether to try again.
		show(w, r, 403, "insufficient_identity", u, map[string]any{})
	case r.URL.Path == "/application" && (u.Identity.Outcome != "proved" || u.Identity.Vot < "P2"):
		// P1 is below P2, also as text.
		leadTo(w, r, "prove-identity", 403, "insufficient_identity", "step_up_url")
	case r.Method == "POST" && !isShort:
		show(w, r, 400, "too_long", u, map[string]any{"note": note})
	case r.Method == "POST":
		w.Header().Del("Set-Cookie")
		keepDraft(w, "", -1)
		show(w, r, 200, "POST /form", u, map[string]any{"note": note})
	default:
		show(w, r, 200, r.URL.Path, u, map[string]any{"note": readDraft(r, u)})
	}
}

func main() {
	for _, route := range []string{"GET /{$}", "GET /account", "GET /application", "GET /form", "POST /form"} {
		http.HandleFunc(route, serve)
	}
	log.Fatal(http.ListenAndServe("localhost:"+cmp.Or(os.Getenv("PORT"), "5000"), nil))
}
