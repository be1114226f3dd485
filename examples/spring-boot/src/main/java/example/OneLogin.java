package example;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.json.JsonMapper;

/** Finds out who is signed in: requests /auth/userinfo with the session cookie of the current request. */
@Component
record OneLogin(
        @Value("${one-login.public-url}") String publicUrl, HttpServletRequest request, HttpServletResponse response) {
    /** What /auth/userinfo returns about the user, as far as it is used here. */
    record User(String sub, String email, Identity identity) {}

    record Identity(String outcome, String vot, List<Name> names) {
        /** Whether the identity is proved at that level or a higher one. P1 is below P2, also as text. */
        boolean isProved(String level) {
            return outcome.equals("proved") && vot.compareTo(level) >= 0;
        }
    }

    record Name(@JsonProperty("full_name") String fullName, @JsonProperty("valid_until") String validUntil) {}

    // Only space and tab are white space. Another host of the domain may have planted a second cookie of the name.
    static final Pattern COOKIE = Pattern.compile("(?:^|;)[ \t]*(__Host-one-login-session=[^;]*)");
    static final Pattern VALID = Pattern.compile("[\\w=.-]+[ \t]*");
    static final List<String> PREFETCH =
            List.of("Sec-Purpose", "X-Sec-Purpose", "Purpose", "X-Purpose", "X-Moz", "Next-Router-Prefetch");
    static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Returns null if no user is signed in, and passes on the cookies of that response. */
    User fetchUser() {
        var header = String.join(";", Collections.list(request.getHeaders("Cookie")));
        var found = COOKIE.matcher(header).results().map(result -> result.group(1)).toList();
        if (found.size() != 1 || !VALID.matcher(found.get(0)).matches()) {
            return null;
        }
        // A page that the browser fetches before the user opens it must not keep the session alive.
        var query = PREFETCH.stream().anyMatch(name -> request.getHeader(name) != null) ? "?peek=1" : "";
        var userinfo = HttpRequest.newBuilder(URI.create(publicUrl + "/userinfo" + query))
                .headers("Accept", "application/json", "Cookie", found.get(0).strip());
        // The client does not follow redirects. The timeout is for the whole response.
        var pending = CLIENT.sendAsync(userinfo.build(), BodyHandlers.ofString());
        try {
            var answer = pending.get(3, TimeUnit.SECONDS);
            if (answer.statusCode() == 401) {
                answer.headers().allValues("Set-Cookie").forEach(cookie -> response.addHeader("Set-Cookie", cookie));
                return null;
            }
            var user = new JsonMapper().readValue(answer.body(), User.class);
            if (answer.statusCode() == 200 && user.sub() != null) {
                return user;
            }
        } catch (Exception failure) {
            pending.cancel(true);
        }
        // It is unknown who is signed in. That does not mean that no user is.
        response.setHeader("Retry-After", "30");
        throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "temporarily_unavailable");
    }

    /** Whether the request may change something and does not come from a page of this service. */
    boolean isCrossSite() {
        var site = request.getHeader("Sec-Fetch-Site");
        var ownOrigin = publicUrl.substring(0, publicUrl.indexOf('/', "https://".length()));
        var isOwn = site == null ? ownOrigin.equals(request.getHeader("Origin")) : site.equals("same-origin");
        return !isOwn && !List.of("GET", "HEAD", "OPTIONS").contains(request.getMethod());
    }

    /** Whether a person waits for a page, and not a program for data. */
    boolean isNavigation() {
        return String.join(",", Collections.list(request.getHeaders("Accept"))).contains("text/html");
    }
}
