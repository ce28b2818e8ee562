"""As much of GitHub as signing in with it needs, on loopback: authorisation, token, person, addresses."""

import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit


class GitHub:
    """`person` and `addresses` are what the API tells; `refuse` makes the person say no."""

    def __init__(self):
        self.person = {"id": 4711, "login": "octo-ana", "name": "Ana Ruiz", "email": None, "avatar_url": ""}
        self.addresses = [{"email": "ana@example.com", "verified": True, "primary": True}]
        self.refuse = False
        self.codes: dict[str, dict] = {}
        self.tokens: set[str] = set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, query: dict) -> str:
        """Where the browser is sent back to."""
        if self.refuse:
            answer = {"error": "access_denied", "state": query["state"]}
        else:
            code = secrets.token_hex(8)
            self.codes[code] = query
            answer = {"code": code, "state": query["state"]}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict) -> dict:
        """A code is good once, with the secret, and for whoever proves to have asked for it (PKCE)."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != "shh" or not form.get("code_verifier"):
            return {"error": "bad_verification_code"}
        token = secrets.token_hex(8)
        self.tokens.add(token)
        return {"access_token": token, "token_type": "bearer", "scope": "read:user,user:email"}

    def _handler(github):  # noqa: N805 (the handler below has a self of its own)
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                if parts.path == "/login/oauth/authorize":
                    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self.send_response(302)
                    self.send_header("Location", github.authorize(query))
                    self.end_headers()
                elif self.headers.get("Authorization", "").partition(" ")[2] not in github.tokens:
                    self.answer({"message": "Bad credentials"}, 401)
                elif parts.path == "/api/v3/user":
                    self.answer(github.person)
                else:
                    self.answer(github.addresses)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.answer(github.token({name: values[0] for name, values in parse_qs(body).items()}))

            def answer(self, data, status=200):
                payload = json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *arguments):
                """Quiet."""

        return Handler
