"""A browser without a screen, in Python's own library: signs up and in through the server's real pages."""
import html.parser
import http.cookiejar
import pathlib
import re
import time
import urllib.error
import urllib.parse
import urllib.request


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class _Forms(html.parser.HTMLParser):
    """Collects (action, {hidden name: value}) of every form."""

    def __init__(self):
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append((attributes.get("action", ""), {}))
        elif tag == "input" and attributes.get("type") == "hidden" and self.forms:
            self.forms[-1][1][attributes["name"]] = attributes.get("value", "")


class Browser:
    """One person's browser and mailbox."""

    def __init__(self, server: str, mail: pathlib.Path):
        self.server, self.mail = server, mail
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(_NoRedirect(), cookies)

    def _send(self, url, fields=None):
        """Returns (text of the page, address outside of the server or None), redirects followed."""
        for _ in range(10):
            data = None if fields is None else urllib.parse.urlencode(fields).encode()
            request = urllib.request.Request(urllib.parse.urljoin(self.server, url), data)
            if data is not None:
                request.add_header("Origin", self.server)
            try:
                reply = self.opener.open(request, timeout=60)
            except urllib.error.HTTPError as error:
                reply = error
            with reply:
                location, text = reply.headers.get("Location"), reply.read().decode()
            if location is None:
                return text, None
            if not location.startswith(("/", self.server + "/")):
                return "", location
            url, fields = location, None
        raise AssertionError("the server leads in circles")

    def _fill(self, page, path, **typed):
        parser = _Forms()
        parser.feed(page)
        for action, hidden in parser.forms:
            if action.startswith(path):
                return self._send(action, {**hidden, **typed})
        raise AssertionError(f"no form to {path} in: {page}")

    def register(self, email, password):
        """Creates an account with the code that comes by mail; ends signed in."""
        page, _ = self._send("/register")
        page, _ = self._fill(page, "/register", email=email)
        assert "Type the code" in page, page
        page, _ = self._fill(page, "/register/code", code=self._code(email))
        assert "Choose a password" in page, page
        page, _ = self._fill(page, "/register/password", password=password, adult="yes")
        assert "You are signed in" in page, page

    def authorize(self, url):
        """Opens an app's address, presses Continue, and returns the address that leads back to the app."""
        page, _ = self._send(url)
        assert "Continue only if you opened this page" in page, page
        _, back = self._fill(page, "/confirm", choice="continue")
        assert back, "the server leads back to the app"
        return back

    def _code(self, email):
        """The eight digits of the newest mail to this address."""
        for _ in range(400):
            for path in sorted(self.mail.glob("*.eml"), reverse=True):
                text = path.read_text()
                found = re.search(r"^\s*(\d{4} \d{4})\s*$", text, re.MULTILINE)
                if f"To: {email}" in text and found:
                    return found.group(1)
            time.sleep(0.025)
        raise AssertionError(f"no mail came to {email}")
