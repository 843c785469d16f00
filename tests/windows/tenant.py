"""A tenant for one walk: tenant.py KEYFILE answers every read, and writes the key that leads to it to KEYFILE."""

import http.server
import json
import pathlib
import sys
import tomllib

# The key has every role there is.
facts = pathlib.Path(__file__).resolve().parents[2] / "assets/facts/roles.toml"
roles = tomllib.loads(facts.read_text(encoding="utf-8"))["role"]
scopes = sorted({scope for role in roles for scope in role.get("scopes", [])})
SCOPE = " ".join(["uaa.resource", *(f"it!b5678.{scope}" for scope in scopes)])


class Tenant(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body):
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
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
