"""Archives on loopback that behave as the real ones do: a data host and a login host, with faults that are asked for file by file.

The data host is 127.0.0.1, the login host localhost, so that cookies and headers of one are not those of the other.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

NAME, PASSWORD, TOKEN = "reader", "pa55-w0rd-of-the-reader", "t0ken-of-the-reader"

PAGE = b"<!DOCTYPE html><html><head><title>Earthdata Login</title></head><body>Log in</body></html>"


class Archive:
    """What the archives hold, how they fail, and what they were asked.

    ``files``: name -> bytes; ``faults``: name -> list of faults, one taken for each request; ``always``: a fault for every request.
    Faults: "429", "503", "500", "404", "401", "403", "eula", "cut", "cut early", "short", "html", "html as data", "empty", "slow", "other",
    "changed", "hang". ``public``: names that are given without a login.
    ``asked``: requests for each name that were let in; ``log``: (host, method, path, headers) of all.
    """

    def __init__(self, files, *, login=True, ranges=True, retry_after="1"):
        self.files, self.login, self.ranges, self.retry_after = dict(files), login, ranges, retry_after
        self.faults, self.always = defaultdict(list), ""
        self.asked, self.served, self.busy, self.most = Counter(), Counter(), 0, 0
        self.log, self.lock, self.tasks, self.polls, self.wrong_api = [], threading.Lock(), {}, 2, False
        self.data, self.auth = "", ""
        self.sessions, self.good, self.slowness, self.delay, self.lengths, self.bearer_at_login = set(), True, 0.05, 0.0, True, True
        self.takes_token, self.public = False, set()
        self.stop = threading.Event()

    @property
    def url(self):
        return f"http://{self.data}"

    def subset(self, name):
        """The address of a subset, as GES DISC's lists write them."""
        path = f"/data/GLDAS/{name.replace('.SUB.nc4', '')}"
        return f"{self.url}/daac-bin/OTF/HTTP_services.cgi?FILENAME={quote(path, safe='')}&FORMAT=bmM0Lw&LABEL={name}"

    def whole(self, name):
        return f"{self.url}/data/{name}"

    def etag(self, name):
        return f'"{hashlib.md5(self.files[name]).hexdigest()}"'


@contextmanager
def archive(files, **settings):
    """An ``Archive`` that answers while the block runs."""
    found = Archive(files, **settings)
    servers = []
    for place in ("127.0.0.1", "localhost"):
        handler = type("Handler", (_Handler,), {"archive": found, "place": "data" if place == "127.0.0.1" else "login"})
        server = _Server(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
    found.data, found.auth = (f"{place}:{server.server_port}" for place, server in zip(("127.0.0.1", "localhost"), servers))
    try:
        yield found
    finally:
        found.stop.set()
        for server in servers:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Nothing is said of clients that go away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    archive: Archive
    place = ""

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        a, parts = self.archive, urlsplit(self.path)
        with a.lock:
            a.log.append((self.place, "GET", self.path, dict(self.headers)))
        try:
            if self.place == "login":
                self.log_in(parts)
            elif parts.path.startswith("/api/"):
                self.api_get(parts)
            elif parts.path == "/login":
                self.back(parts)
            else:
                self.data(parts)
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_POST(self):
        a = self.archive
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with a.lock:
            a.log.append((self.place, "POST", self.path, dict(self.headers)))
        if self.path == "/api/login":
            if self.headers.get("Authorization") != self.basic():
                return self.answer(401, b'{"message": "no"}')
            return self.json({"token": "api-" + TOKEN, "token_type": "Bearer", "expiration": "2099-01-01T00:00:00Z"})
        if self.headers.get("Authorization") != "Bearer api-" + TOKEN:
            return self.answer(401, b'{"message": "no"}')
        task = f"task-{len(a.tasks) + 1}"
        a.tasks[task] = {"asked": json.loads(body), "polls": 0}
        return self.json({"task_id": task, "status": "pending"}, 202)

    def json(self, content, status=200):
        self.answer(status, json.dumps(content).encode(), Content_Type="application/json")

    def basic(self):
        return "Basic " + base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()

    def log_in(self, parts):
        """The login host: Basic or, if it takes one, a token; then back with a code."""
        shown = self.headers.get("Authorization", "")
        if shown != self.basic() and not (self.archive.bearer_at_login and shown == f"Bearer {TOKEN}"):
            return self.answer(401, PAGE, WWW_Authenticate='Basic realm="Please enter your Earthdata Login credentials."')
        back = parse_qs(parts.query)["redirect_uri"][0]
        return self.answer(302, b"", Location=f"{back}{'&' if '?' in back else '?'}code=secret-code-of-the-login")

    def back(self, parts):
        """Back at the data host with a code: a cookie, and on to the file."""
        query = parse_qs(parts.query)
        if query.get("code") != ["secret-code-of-the-login"]:
            return self.answer(401, PAGE)
        session = f"session-{time.monotonic_ns()}"
        self.archive.sessions.add(session)
        return self.answer(302, b"", Location=query["to"][0], Set_Cookie=f"session={session}; Path=/; HttpOnly")

    def data(self, parts):
        a = self.archive
        label = parse_qs(parts.query).get("LABEL", [""])[0] or unquote(parts.path).rpartition("/")[2]
        cookies = dict(c.strip().partition("=")[::2] for c in self.headers.get("Cookie", "").split(";") if "=" in c)
        token = a.takes_token and self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if a.login and label not in a.public and cookies.get("session") not in a.sessions and not token:
            back = f"{a.url}/login?to={quote(a.url + self.path, safe='')}"
            return self.answer(302, b"", Location=f"http://{a.auth}/oauth/authorize?client_id=x&redirect_uri={quote(back, safe='')}")
        with a.lock:
            a.asked[label] += 1
            a.busy += 1
            a.most = max(a.most, a.busy)
            fault = a.always or (a.faults[label].pop(0) if a.faults.get(label) else "")
        try:
            if a.delay:
                a.stop.wait(a.delay)
            return self.give(label, fault)
        finally:
            with a.lock:
                a.busy -= 1

    def give(self, name, fault):
        a = self.archive
        if fault in ("429", "503"):
            more = {"Retry_After": a.retry_after} if a.retry_after else {}
            return self.answer(int(fault), b"busy", **more)
        if fault == "eula":
            return self.answer(403, b"<html>You must accept the EULA before this data can be given.</html>", Content_Type="text/html")
        if fault in ("500", "404", "401", "403"):
            return self.answer(int(fault), PAGE, Content_Type="text/html")
        if fault == "html":
            return self.answer(200, PAGE, Content_Type="text/html; charset=utf-8")
        if fault == "html as data":
            return self.answer(200, PAGE, Content_Type="application/octet-stream")
        if fault == "hang":
            a.stop.wait(30.0)
            return None
        if name not in a.files:
            return self.answer(404, PAGE, Content_Type="text/html")
        body, tag = a.files[name], a.etag(name)
        if fault == "empty":
            return self.answer(200, b"")
        if fault == "other":
            body = next(content for other, content in a.files.items() if other != name)
        if fault == "short":
            body = body[: len(body) // 2]
        if fault == "changed":
            tag = '"another"'
        return self.content(name, fault, body, tag)

    def content(self, name, fault, body, tag):
        a, start = self.archive, 0
        wanted = self.headers.get("Range", "")
        if wanted and a.ranges and self.headers.get("If-Range") in (None, tag):
            start = int(wanted.partition("=")[2].rstrip("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Type", "application/x-netcdf")
        self.send_header("ETag", tag)
        sent = body[start:]
        if a.lengths:
            self.send_header("Content-Length", str(len(sent)))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if fault == "cut":
            sent, self.close_connection = sent[: max(1, len(sent) * 2 // 3)], True
        if fault == "cut early":
            sent, self.close_connection = sent[:100], True
        pieces = [sent[n : n + 2048] for n in range(0, len(sent), 2048)] if fault == "slow" else [sent]
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()
            if fault == "slow" and a.stop.wait(a.slowness):
                break
        with a.lock:
            a.served[name] += len(sent)
        return None

    def api_get(self, parts):
        """AppEEARS: a task is done after some questions; its files are sent from the data host without a login."""
        a, words = self.archive, parts.path.split("/")
        if words[2] == "store":
            return self.answer(200, a.files[words[3]], Content_Type="application/octet-stream")
        if self.headers.get("Authorization") != "Bearer api-" + TOKEN:
            return self.answer(401, b'{"message": "no"}')
        if words[2] == "task":
            task = a.tasks[words[3]]
            task["polls"] += 1
            return self.json({"task_id": words[3], "status": "done" if task["polls"] > a.polls else "processing"})
        names = [name for name in a.files if name.endswith("aid0001.nc")]
        if len(words) == 4:
            files = [{"file_id": f"file-{n}", "file_name": name, "file_size": len(a.files[name]), "file_type": "nc",
                      "sha256": hashlib.sha256(a.files[name]).hexdigest()} for n, name in enumerate(names)]  # fmt: skip
            files.append({"file_id": "file-x", "file_name": "granule-list.txt", "file_size": 3, "file_type": "txt"})
            return self.json({"files": files, "task_id": words[3]})
        name = names[int(words[4].partition("-")[2])]
        a.asked[name] += 1
        # the store has another name than the interface, as it has in the cloud
        return self.answer(302, b"", Location=f"http://localhost:{a.data.rpartition(':')[2]}/api/store/{name}?signature=secret-signature")
