"""A tenant for the walks: tenant.py KEYFILE gives a token for client id and secret as they are in the key, answers every
read, and writes the key to KEYFILE."""

import base64
import http.server
import json
import pathlib
import sys
import tomllib
import urllib.parse

# The key has every role there is.
facts = pathlib.Path(__file__).resolve().parents[2] / "assets/facts/roles.toml"
roles = tomllib.loads(facts.read_text(encoding="utf-8"))["role"]
scopes = sorted({scope for role in roles for scope in role.get("scopes", [])})
SCOPE = " ".join(["uaa.resource", *(f"it!b5678.{scope}" for scope in scopes)])


class Tenant(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body, status=200):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        given = [form.get(name, [""])[0] for name in ("client_id", "client_secret")]
        basic = self.headers.get("Authorization", "").removeprefix("Basic ")
        if basic:
            given = [urllib.parse.unquote(part) for part in base64.b64decode(basic).decode().split(":", 1)]
        if given != [key["oauth"]["clientid"], key["oauth"]["clientsecret"]]:
            return self.answer({"error": "unauthorized", "error_description": "Bad credentials"}, 401)
        self.answer({"access_token": "a.b.c", "token_type": "bearer", "expires_in": 43199, "scope": SCOPE})

    def do_GET(self):
        self.answer({"d": {"results": [{"MessageGuid": "AGV"}]}})

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tenant)
here = f"http://127.0.0.1:{server.server_port}"
# Every sign that takes AltGr on a German keyboard is in it.
key = {
    "oauth": {
        "clientid": "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678",
        "clientsecret": "11111111-2222-4333-8444-555555555555$AbC{d}E[f]G~h@I0123456789AbC_dEf-GhI0123456789AbC=",
        "tokenurl": f"{here}/oauth/token",
        "url": here,
    }
}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(key, file, indent=2)
    file.write("\n")
server.serve_forever()
