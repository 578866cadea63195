#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""CDS Hooks over HTTP: cards, feedback, pages of other sites, tokens signed with keys that are made here by openssl."""
import base64
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import uuid

from service import PROGRAM, Service, run, test

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/hooks"))
import cds  # noqa: E402

VIEW, SIGN = "/cds-services/boneflare-patient-view", "/cds-services/boneflare-order-sign"
CASE = json.loads((ROOT / "tests/cases/fhir/kaneko2017.json").read_text())
REQUEST = {"hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
           "context": {"userId": "Practitioner/7", "patientId": "kaneko2017"}, "prefetch": {"observations": CASE}}
demo = None


@test
def discovery():
    answer = demo.get("/cds-services")
    assert answer.status == 200 and list(cds.broken_discovery(answer.json())) == []
    assert answer.headers["Content-Type"].startswith("application/json")


@test
def cards_of_a_patient():
    answer = demo.post(VIEW, REQUEST)
    assert answer.status == 200 and list(cds.broken_response(answer.json())) == []
    card = answer.json()["cards"][-1]
    assert card["summary"].startswith("Bone flare suspected on day 38")
    assert card["source"]["url"] == f"http://127.0.0.1:{demo.port}"


@test
def cards_of_an_order():
    body = copy.deepcopy(REQUEST) | {"hook": "order-sign"}
    body["context"]["draftOrders"] = {"resourceType": "Bundle", "entry": [{"resource": {
        "resourceType": "MedicationRequest", "id": "d", "status": "draft", "medicationCodeableConcept": {"text": "osimertinib"}}}]}
    assert len(demo.post(SIGN, body).json()["cards"]) == 1
    body["context"]["draftOrders"]["entry"] = []
    assert demo.post(SIGN, body).body == b'{"cards":[]}'


@test
def what_is_wrong_has_its_status():
    for status, path, body in [(404, "/cds-services/nothing", REQUEST), (400, VIEW, {}), (400, SIGN, REQUEST),
                               (412, VIEW, {k: v for k, v in REQUEST.items() if k != "prefetch"})]:
        answer = demo.post(path, body)
        assert (answer.status, answer.json()["resourceType"]) == (status, "OperationOutcome"), path
    assert demo.ask("POST", VIEW, b"hook=patient-view", {"Content-Type": "application/x-www-form-urlencoded"}).status == 415
    assert demo.get(VIEW).status == 405
    assert demo.ask("POST", VIEW, b"{", {"Content-Type": "application/json"}).status == 400


@test
def nothing_of_a_patient_is_logged():
    demo.post(VIEW, REQUEST)
    log = demo.logged("POST /cds-services/{id} 200")
    assert "kaneko" not in log and "gefitinib" not in log


@test
def feedback_is_taken_whole_or_not():
    card = demo.post(VIEW, REQUEST).json()["cards"][-1]
    accepted = {"card": card["uuid"], "outcome": "accepted", "acceptedSuggestions": [{"id": card["suggestions"][0]["uuid"]}],
                "outcomeTimestamp": "2026-11-22T08:00:00Z"}
    overridden = {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-22T08:00:00Z",
                  "overrideReason": {"reason": card["overrideReasons"][0], "userComment": "<b>seen</b>"}}
    assert demo.post(f"{VIEW}/feedback", {"feedback": [accepted, overridden]}).status == 200
    for bad in ({}, {"feedback": [accepted, {**accepted, "outcome": "ignored"}]}, {"feedback": 7}):
        answer = demo.post(f"{VIEW}/feedback", bad)
        assert (answer.status, answer.json()["resourceType"]) == (400, "OperationOutcome")
    assert demo.post("/cds-services/nothing/feedback", {"feedback": [accepted]}).status == 404


@test
def pages_of_this_machine_may_call_without_tokens():
    for origin, allowed in (("http://localhost:8000", True), (f"http://127.0.0.1:{demo.port}", True), ("https://evil.example", False),
                            ("null", False), ("http://localhost.evil.example", False)):
        answer = demo.ask("OPTIONS", VIEW, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert answer.status == (204 if allowed else 403), origin
        assert answer.headers["Access-Control-Allow-Origin"] == (origin if allowed else None), origin
        answer = demo.post(VIEW, REQUEST, headers={"Origin": origin})
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == ((200, origin) if allowed else (403, None)), origin
        assert answer.headers["Vary"] == "Origin"
        assert answer.headers["Access-Control-Allow-Credentials"] is None


@test
def a_server_that_others_reach_needs_trusted_issuers():
    with Service("--demo", "--public-url", "https://boneflare.example.org") as service:
        answer = service.get("/cds-services", headers={"Host": "boneflare.example.org"})
        assert (answer.status, answer.json()["resourceType"]) == (404, "OperationOutcome")
        assert service.post(VIEW, REQUEST).status == 404


# ---- tokens ----

def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


class Client:
    """A CDS client with a key of its own."""

    def __init__(self, folder, name, issuer):
        self.path, self.kid, self.issuer = pathlib.Path(folder) / f"{name}.pem", name, issuer
        self.path.write_bytes(openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"))

    def jwk(self):
        point = openssl("pkey", "-in", str(self.path), "-pubout", "-outform", "DER")[-96:]
        return {"kty": "EC", "crv": "P-384", "use": "sig", "alg": "ES384", "kid": self.kid, "x": base64url(point[:48]), "y": base64url(point[48:])}

    def sign(self, text):
        der = openssl("dgst", "-sha384", "-sign", str(self.path), data=text.encode())
        assert der[0] == 0x30
        numbers, at = [], 2
        for _ in range(2):
            size = der[at + 1]
            numbers.append(int.from_bytes(der[at + 2:at + 2 + size], "big").to_bytes(48, "big"))
            at += 2 + size
        return base64url(b"".join(numbers))

    def token(self, endpoint, header=None, **claims):
        now = int(time.time())
        head = {"alg": "ES384", "typ": "JWT", "kid": self.kid} | (header or {})
        said = {"iss": self.issuer, "aud": endpoint, "exp": now + 300, "iat": now, "jti": str(uuid.uuid4())} | claims
        text = ".".join(base64url(json.dumps(part).encode()) for part in (head, said))
        return f"{text}.{self.sign(text)}"


def trusting(folder):
    host, other = Client(folder, "k1", "https://host.example"), Client(folder, "k2", "https://other.example")
    (folder / "keys.json").write_text(json.dumps({"keys": [host.jwk()]}))
    (folder / "trust.json").write_text(json.dumps({"issuers": [{"iss": host.issuer, "jwks": "keys.json"}], "origins": ["https://app.example"]}))
    return host, other


def call(service, token, path=VIEW, body=REQUEST, **headers):
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    return service.ask("POST" if body else "GET", path, body, sent | headers)


@test
def tokens():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        host, other = trusting(folder)
        options = ["--store", f"sqlite:{folder}/store.db", "--jwt-trust", str(folder / "trust.json"), "--public-url", "https://cds.example"]
        with Service(*options) as service:
            there = "https://cds.example" + VIEW
            first = host.token(there)
            answer = call(service, first)
            assert answer.status == 200 and len(answer.json()["cards"]) == 1, answer.body
            check_refusals(service, host, other, there, first)
            check_endpoints(service, host)
            check_origins(service, host, there)
        with Service(*options) as service:
            assert call(service, first).status == 401, "replay is known after a restart"
            assert call(service, host.token(there)).status == 200


def check_refusals(service, host, other, there, first):
    now = int(time.time())
    refused = {
        "no token": None, "not a token": "x", "replay": first,
        "another key": other.token(there, {"kid": "k1"}, iss=host.issuer), "another issuer": other.token(there),
        "another endpoint": host.token("https://cds.example" + SIGN), "another server": host.token("https://evil.example" + VIEW),
        "expired": host.token(there, exp=now - 100, iat=now - 400), "from the future": host.token(there, iat=now + 100, exp=now + 400),
        "for ever": host.token(there, exp=now + 10**6), "no jti": host.token(there, jti=""),
        "none": host.token(there, {"alg": "none"}), "HS384": host.token(there, {"alg": "HS384"}),
        "jku": host.token(there, {"jku": "https://evil.example/keys"}), "kid": host.token(there, {"kid": "k9"}),
        "typ": host.token(there, {"typ": "JWS"}), "changed": host.token(there)[:-6] + "AAAAAA",
    }
    for what, token in refused.items():
        answer = call(service, token)
        assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer"), what
        assert answer.json()["resourceType"] == "OperationOutcome", what
    assert call(service, host.token(there), body=None, path="/cds-services").status == 401, "discovery is another endpoint"
    used = str(uuid.uuid4())
    assert call(service, host.token("https://cds.example" + SIGN, jti=used)).status == 401
    assert call(service, host.token(there, jti=used)).status == 200, "a token that was refused did not use up its jti"
    assert call(service, host.token(there, jti=used)).status == 401


def check_endpoints(service, host):
    assert call(service, host.token("https://cds.example/cds-services"), "/cds-services", None).status == 200
    feedback = {"feedback": [{"card": str(uuid.uuid4()), "outcome": "overridden", "outcomeTimestamp": "2026-11-22T08:00:00Z"}]}
    for audience in (VIEW, f"{VIEW}/feedback"):
        assert call(service, host.token("https://cds.example" + audience), f"{VIEW}/feedback", feedback).status == 200
    assert call(service, host.token("https://cds.example" + VIEW), body=b"{", **{"Content-Type": "application/json"}).status == 400


def check_origins(service, host, there):
    assert call(service, host.token(there), Origin="https://app.example").headers["Access-Control-Allow-Origin"] == "https://app.example"
    answer = call(service, host.token(there), Origin="http://localhost:8000")
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (403, None), "with trusted issuers only their origins"
    answer = service.ask("OPTIONS", VIEW, headers={"Origin": "https://app.example"})
    assert answer.status == 204 and "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def soon(service, client, there, status):
    """Waits until a token of the client is answered so."""
    end = time.monotonic() + 10
    while (got := call(service, client.token(there)).status) != status and time.monotonic() < end:
        time.sleep(0.1)
    assert got == status, (client.kid, got)


def exchange(path, value):
    beside = path.with_suffix(".new")
    beside.write_text(value if isinstance(value, str) else json.dumps(value))
    beside.rename(path)


@test
def keys_are_exchanged_without_a_restart():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        old, other = trusting(folder)
        new = Client(folder, "k3", old.issuer)
        there = "https://cds.example" + VIEW
        with Service("--demo", "--jwt-trust", str(folder / "trust.json"), "--public-url", "https://cds.example") as service:
            assert (call(service, old.token(there)).status, call(service, new.token(there)).status) == (200, 401)
            exchange(folder / "keys.json", {"keys": [old.jwk(), new.jwk()]})
            soon(service, new, there, 200)
            assert call(service, old.token(there)).status == 200
            exchange(folder / "keys.json", {"keys": [new.jwk()]})
            soon(service, old, there, 401)
            assert call(service, new.token(there)).status == 200
            for broken in ("{", {"keys": []}, {"keys": [old.jwk() | {"d": "AAAA"}]}):
                exchange(folder / "keys.json", broken)
                time.sleep(1.2)
                assert (call(service, new.token(there)).status, call(service, old.token(there)).status) == (200, 401), broken
            service.logged("what was trusted before stays", "private or secret key")
            (folder / "keys.json").unlink()
            time.sleep(1.2)
            assert call(service, new.token(there)).status == 200
            exchange(folder / "keys.json", {"keys": [new.jwk()]})
            (folder / "other.json").write_text(json.dumps({"keys": [other.jwk()]}))
            exchange(folder / "trust.json", {"issuers": [{"iss": other.issuer, "jwks": "other.json"}]})
            soon(service, other, there, 200)
            assert call(service, new.token(there)).status == 401, "an issuer that is gone is not trusted"
            assert call(service, other.token(there), Origin="https://app.example").status == 403, "nor is its page"


@test
def a_bad_file_of_issuers_stops_the_start():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        trusting(folder)
        for text in ("{}", "x", '{"issuers":[{"iss":"a","jwks":"no.json"}]}'):
            (folder / "trust.json").write_text(text)
            try:
                with Service("--demo", "--jwt-trust", str(folder / "trust.json"), folder=folder):
                    raise AssertionError(f"it started with {text}")
            except RuntimeError as error:
                assert ".json" in str(error), error


with Service("--demo") as demo:
    run()
