package example;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/** A service whose users sign in with GOV.UK One Login. */
@SpringBootApplication(proxyBeanMethods = false)
@Controller
record Application(OneLogin oneLogin) {
    record Draft(String owner, String note) {}

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @ModelAttribute
    void beforeEachPage() {
        oneLogin.response().setHeader("Cache-Control", "no-store");
        oneLogin.response().setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (oneLogin.isCrossSite()) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "cross_site_request");
        }
    }

    @GetMapping({"/", "/account", "/application", "/form"})
    Object show(@SessionAttribute(required = false) Draft draft) {
        var user = oneLogin.fetchUser();
        var path = oneLogin.request().getRequestURI();
        if (user == null && !path.equals("/")) {
            return leadTo("login", 401, "login_required", "login_url");
        }
        if (path.equals("/application") && !user.identity().isProved("P2")) {
            // The user may have just come back without success. Only they decide whether to try again.
            return user.identity().outcome().equals("not_proved") && oneLogin.isNavigation()
                    ? page(403, "not_proved", user, "")
                    : leadTo("prove-identity", 403, "insufficient_identity", "step_up_url");
        }
        // On a shared computer, the next user must not see it.
        var isOwn = draft != null && user != null && draft.owner().equals(user.sub());
        return page(200, path, user, isOwn ? draft.note() : "");
    }

    @PostMapping("/form")
    Object send(@RequestParam(defaultValue = "") String owner, @RequestParam(defaultValue = "") String note) {
        var text = note.replace("\r\n", "\n");
        if (text.length() <= 500) {
            // The session of the service keeps it for now, because the user's may have ended.
            oneLogin.request().getSession().setAttribute("draft", new Draft(owner, text));
        }
        var user = oneLogin.fetchUser();
        if (user == null || !user.sub().equals(owner)) {
            return leadTo("login", 401, "login_required", "login_url");
        } else if (text.length() > 500) {
            return page(400, "too_long", user, text);
        }
        oneLogin.request().getSession().invalidate();
        return page(200, "sent", user, text);
    }

    /** Leads people to `login` or `prove-identity` and back, and gives programs the address. */
    private Object leadTo(String route, int status, String error, String name) {
        var address = oneLogin.publicUrl() + "/" + route;
        if (!oneLogin.isNavigation()) {
            return ResponseEntity.status(status).body(Map.of("error", error, name, address));
        }
        var query = oneLogin.request().getQueryString();
        var here = oneLogin.request().getRequestURI() + (query == null ? "" : "?" + query);
        var location = address + "?return_to=" + URLEncoder.encode(here, StandardCharsets.UTF_8);
        return ResponseEntity.status(303).location(URI.create(location)).build();
    }

    private ModelAndView page(int status, String name, OneLogin.User user, String note) {
        var view = new ModelAndView("page", HttpStatus.valueOf(status)).addObject("name", name);
        return view.addObject("user", user).addObject("note", note).addObject("auth", oneLogin.publicUrl());
    }

    @ExceptionHandler
    Object refuse(ResponseStatusException refusal) {
        int status = refusal.getStatusCode().value();
        var body = Map.of("error", refusal.getReason());
        return oneLogin.isNavigation()
                ? page(status, refusal.getReason(), null, "")
                : ResponseEntity.status(status).body(body);
    }
}
