"""Starts, kills and loads a Tocsin for the fault tests. Standard library only."""
import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = 'fault-test-integration-key-000001'
FOREVER = '2037-01-01T00:00:00Z'
LONG_AGO = '2020-01-01T00:00:00Z'


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A server that is killed resets its connections: that is the point, not an error."""


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Server:
    """One data folder and the process that serves it, if it runs."""

    def __init__(self, binary, folder, preload=None, control=None):
        self.binary, self.folder = os.path.abspath(binary), os.path.abspath(folder)
        self.data = os.path.join(self.folder, 'data')
        self.port = free_port()
        self.base = f'http://127.0.0.1:{self.port}'
        self.alerts = f'{self.base}/in/{KEY}/api/v2/alerts'
        self.log = open(os.path.join(self.folder, 'server.log'), 'ab')
        self.environment = dict(os.environ)
        if preload:
            self.environment.update(LD_PRELOAD=preload, DISK_FAULT=control)
        self.process = None
        self.token = None

    def init(self):
        made = subprocess.run([self.binary, 'init', '--data', self.data,
                               '--admin', 'admin@example.org', '--json', '--integration-key', KEY],
                              stdout=subprocess.PIPE, stderr=self.log, check=True)
        self.token = json.loads(made.stdout).get('token')

    def start(self):
        self.process = subprocess.Popen(
            [self.binary, 'serve', '--data', self.data, '--listen', f'127.0.0.1:{self.port}',
             '--allow', '127.0.0.1'],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env=self.environment)

    def wait_ready(self, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f'the server ended with {self.process.returncode}; '
                                   f'see {self.log.name}')
            try:
                with urllib.request.urlopen(self.base + '/readyz', timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (OSError, urllib.error.HTTPError):
                pass
            time.sleep(0.005)
        raise RuntimeError(f'not ready after {seconds} s; see {self.log.name}')

    def kill(self, how=signal.SIGKILL):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
        if self.process:
            self.process.wait(timeout=30)
        self.process = None

    def active(self, **labels):
        """Labels of the firing alerts that have these labels."""
        query = '&'.join('filter=' + urllib.parse.quote(f'{name}="{value}"')
                         for name, value in labels.items())
        with urllib.request.urlopen(f'{self.alerts}?{query}', timeout=60) as answer:
            return [alert['labels'] for alert in json.load(answer)]


def alert(end=FOREVER, **labels):
    return {'labels': labels, 'annotations': {'summary': 'made by a fault test'}, 'endsAt': end}


class Connection:
    """One keep-alive connection of an asyncio client."""

    def __init__(self, server):
        self.server, self.reader, self.writer = server, None, None

    async def post(self, alerts):
        """Posts alerts; returns the status. OSError or EOFError when the answer never came."""
        if not self.writer:
            self.reader, self.writer = await asyncio.open_connection('127.0.0.1', self.server.port)
        body = json.dumps(alerts).encode()
        self.writer.write(b'POST /in/%s/api/v2/alerts HTTP/1.1\r\nHost: fault.test\r\n'
                          b'Content-Type: application/json\r\nContent-Length: %d\r\n\r\n'
                          % (KEY.encode(), len(body)) + body)
        head = (await self.reader.readuntil(b'\r\n\r\n')).decode('latin-1').lower()
        length = 0
        for line in head.split('\r\n'):
            if line.startswith('content-length:'):
                length = int(line[15:])
        await self.reader.readexactly(length)
        if 'connection: close' in head:
            self.close()
        return int(head.split(' ', 2)[1])

    def close(self):
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None


class Sink:
    """A webhook receiver that remembers the uid labels it was paged about. It is no better than
    receivers are: at the first attempt it refuses some deliveries and leaves some unanswered."""

    def __init__(self):
        self.pages = {}       # uid → ids of the deliveries that were accepted
        self.attempts = {}    # delivery id → how often it came
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
                delivery = self.headers.get('webhook-id', '')
                attempt = sink.attempts[delivery] = sink.attempts.get(delivery, 0) + 1
                mood = zlib.crc32(delivery.encode()) % 10 if attempt == 1 else 9
                if mood == 0:
                    self.close_connection = True  # received, but the sender never learns of it
                else:
                    self.send_response(503 if mood == 1 else 204)
                    self.send_header('Content-Length', '0')
                    self.end_headers()
                if mood > 1:
                    sink.take(body.decode(), delivery)

            def log_message(self, *_):
                pass

        self.http = Quiet(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.http.server_address[1]}/'
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def take(self, body, delivery):
        for uid in set(re.findall(r'uid-[0-9-]+', body)):
            self.pages.setdefault(uid, set()).add(delivery)


class Report:
    """Counts checks the way every test of the project does."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, good, what):
        print(('ok    ' if good else 'FAIL  ') + what, flush=True)
        if good:
            self.passed += 1
        else:
            self.failed += 1

    def skip(self, what):
        print('SKIPPED ' + what, flush=True)
        self.skipped += 1

    def end(self):
        print(f'{self.passed} passed, {self.failed} failed, {self.skipped} skipped')
        return 1 if self.failed else 0
