#!/usr/bin/env -S python3 -B
"""Full, read-only and failing disks: 503, nothing acknowledged that is not stored, and recovery
without a restart once the disk is well again.

    disk.py BINARY SHIM.so       all modes of the shim
    disk.py BINARY --tmpfs       a small real file system, mounted in a name space of its own
"""
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from server import Connection, Report, Server, alert

CONNECTIONS = 8
RECOVERY = 10  # seconds
MODES = {'f': 'full disk', 'r': 'read-only disk', 's': 'disk that cannot sync'}


class Try:
    """One server and everything it was sent."""

    def __init__(self, server):
        self.server, self.serial = server, 0
        self.acknowledged, self.refused, self.statuses = set(), set(), set()

    async def worker(self, label, end):
        connection = Connection(self.server)
        while time.monotonic() < end:
            self.serial += 1
            uid = f'uid-{label}-{self.serial}'
            # Room for the log to grow: a disk is full only when something asks it for space.
            sent = [alert(alertname='Disk', uid=uid, filler='x' * 900)]
            status = await connection.post(sent)
            self.statuses.add(status)
            (self.acknowledged if status // 100 == 2 else self.refused).add(uid)
        connection.close()

    def post_for(self, label, seconds):
        """Loads the server; returns the statuses seen."""
        async def all_of_them():
            end = time.monotonic() + seconds
            await asyncio.gather(*(self.worker(label, end) for _ in range(CONNECTIONS)))
        self.statuses = set()
        asyncio.run(all_of_them())
        return self.statuses

    def recovers(self, label):
        end = time.monotonic() + RECOVERY
        while time.monotonic() < end:
            if self.post_for(label, 0.05) == {200}:
                return True
            time.sleep(0.05)
        return False

    def complaints(self):
        stored = {labels['uid'] for labels in self.server.active(alertname='Disk')}
        lost, ghosts = self.acknowledged - stored, self.refused & stored
        return [f'{len(lost)} acknowledged alerts lost'] * bool(lost) \
            + [f'{len(ghosts)} refused alerts stored'] * bool(ghosts)


def problem(server):
    """The answer to alerts that cannot be stored; many, so that no space left over holds them."""
    sent = [alert(alertname='Problem', uid=str(i), filler='x' * 900) for i in range(100)]
    request = urllib.request.Request(server.alerts, method='POST', data=json.dumps(sent).encode(),
                                     headers={'Content-Type': 'application/json'})
    try:
        urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, json.load(answer)
    return 200, {}, None


def scenario(report, server, name, break_it, mend_it):
    """Well, broken, well again; then kill -9, since what was kept in memory does not count."""
    t = Try(server)
    server.init()
    server.start()
    server.wait_ready()
    report.check(t.post_for('before', 0.3) == {200}, f'{name}: a well disk takes alerts')
    break_it()
    t.post_for('drain', 0.5)  # what fits into space already taken may still be stored
    statuses = t.post_for('broken', 0.5)
    report.check(statuses == {503}, f'{name}: answers are 503, saw {sorted(statuses)}')
    status, headers, said = problem(server)
    # An Alertmanager's error is a JSON string, and that is what this address speaks.
    report.check(status == 503 and said and 'Retry-After' in headers,
                 f'{name}: 503 {said} with Retry-After')
    report.check(not t.complaints(), f'{name}: reading goes on, {t.complaints()}')
    mend_it()
    report.check(t.recovers('after'), f'{name}: recovers without a restart')
    report.check(not t.complaints(), f'{name}: nothing lost, nothing made up {t.complaints()}')
    server.kill()
    server.start()
    server.wait_ready()
    report.check(not t.complaints(), f'{name}: the same after kill -9, {len(t.acknowledged)} '
                 f'acknowledged, {len(t.refused)} refused {t.complaints()}')
    server.kill()


def with_shim(report, binary, shim):
    for mode, name in MODES.items():
        folder = tempfile.mkdtemp(prefix='tocsin-disk-')
        control = os.path.join(folder, 'control')

        def set_mode(to, control=control):
            with open(control, 'r+' if os.path.exists(control) else 'w') as f:
                f.write(to)

        set_mode('-')
        server = Server(binary, folder, preload=os.path.abspath(shim), control=control)
        scenario(report, server, name, lambda: set_mode(mode), lambda: set_mode('-'))
        shutil.rmtree(folder)


def with_tmpfs(report, binary):
    folder = tempfile.mkdtemp(prefix='tocsin-disk-')
    server = Server(binary, folder)
    ballast = os.path.join(server.data, 'ballast')

    def fill():
        with open(ballast, 'wb', buffering=0) as f:
            size = 1 << 20
            while size:
                try:
                    f.write(b'x' * size)
                except OSError:
                    size //= 2

    os.mkdir(server.data)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', server.data], check=True)
    scenario(report, server, 'full file system', fill, lambda: os.unlink(ballast))
    subprocess.run(['umount', server.data], check=True)
    shutil.rmtree(folder)


def main():
    report = Report()
    if sys.argv[2] == '--tmpfs':
        with_tmpfs(report, sys.argv[1])
    else:
        with_shim(report, sys.argv[1], sys.argv[2])
    return report.end()


if __name__ == '__main__':
    sys.exit(main())
