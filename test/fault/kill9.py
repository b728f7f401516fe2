#!/usr/bin/env -S python3 -B
"""kill -9 at random moments under load: what was acknowledged must be there afterwards.

    kill9.py BINARY [ROUNDS [SEED]]

Connections post new alerts, arrays, repeats and resolutions, and note what was answered with 2xx.
The server is killed at a random moment (now and then while it is still starting), started again,
and asked. What was sent but not answered may or may not be stored. At the end every alert that had
to page must have reached the webhook receiver, however often the notifier was killed on the way.
"""
import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from server import Connection, LONG_AGO, Report, Server, Sink, alert

CONNECTIONS = 24
PAGE_EVERY = 40   # one alert of so many pages
PAGES_WITHIN = 60  # seconds after the last start


class Journal:
    """What the server has promised."""

    def __init__(self, path):
        self.file = open(path, 'w', encoding='utf-8')
        self.firing = {}       # uid → round: acknowledged, never asked to resolve
        self.resolved = {}     # uid → round: the resolution was acknowledged
        self.must_page = set()
        self.requests = 0

    def note(self, what, uid, number):
        self.file.write(f'{number} {what} {uid}\n')


def name_of(number):
    """The server keeps what fires by name, so that a round's alerts are found without all others."""
    return f'Killed{number}'


async def load(server, journal, number, connection_number, dice):
    connection = Connection(server)
    mine = []
    serial = 0
    try:
        while True:
            kind = dice.random()
            if kind < 0.05 and mine:
                uid = mine.pop(dice.randrange(len(mine)))
                journal.firing.pop(uid)
                sent = [alert(end=LONG_AGO, alertname=name_of(number), uid=uid)]
                if await connection.post(sent) // 100 == 2:
                    journal.resolved[uid] = number
                    journal.note('resolved', uid, number)
            elif kind < 0.15 and mine:
                await connection.post([alert(alertname=name_of(number), uid=dice.choice(mine))])
            else:
                count = 10 if kind > 0.9 else 1
                uids = [f'uid-{number}-{connection_number}-{serial + i}' for i in range(count)]
                pages = count == 1 and serial % PAGE_EVERY == 0
                serial += count
                extra = {'page': 'yes'} if pages else {}
                sent = [alert(alertname=name_of(number), uid=uid, **extra)
                        for uid in uids]
                status = await connection.post(sent)
                if status // 100 == 2:
                    for uid in uids:
                        journal.firing[uid] = number
                        journal.note('firing', uid, number)
                    if pages:
                        journal.must_page.add(uids[0])
                    else:
                        mine += uids
            journal.requests += 1
    except (OSError, EOFError, ConnectionError):
        pass
    finally:
        connection.close()


async def one_round(server, journal, number, dice):
    tasks = [asyncio.ensure_future(load(server, journal, number, i, random.Random(dice.random())))
             for i in range(CONNECTIONS)]
    await asyncio.sleep(dice.uniform(0.02, 0.5))
    server.kill()
    await asyncio.gather(*tasks)


def verify_round(server, journal, number):
    """Complaints about one round's alerts."""
    stored = [labels['uid'] for labels in server.active(alertname=name_of(number))]
    present = set(stored)
    lost = [uid for uid, at in journal.firing.items() if at == number and uid not in present]
    risen = [uid for uid, at in journal.resolved.items() if at == number and uid in present]
    return ([f'lost {uid}' for uid in lost] + [f'resolved, yet firing: {uid}' for uid in risen]
            + (['stored twice'] if len(stored) != len(present) else []))


def main():
    binary = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    print(f'kill9: {rounds} rounds of {CONNECTIONS} connections, seed {seed}', flush=True)
    dice, report, sink = random.Random(seed), Report(), Sink()
    folder = tempfile.mkdtemp(prefix='tocsin-kill9-')
    server = Server(binary, folder)
    server.init()
    journal = Journal(os.path.join(folder, 'journal'))
    complaints = []
    server.start()
    server.wait_ready()
    script = os.path.join(os.path.dirname(__file__), 'page_webhook.sh')
    subprocess.run([script, server.base, server.token or '', sink.url, 'page="yes"'], check=True)
    for number in range(rounds):
        asyncio.run(one_round(server, journal, number, dice))
        server.start()
        while dice.random() < 0.1:
            time.sleep(dice.uniform(0, 0.05))
            server.kill()
            server.start()
        server.wait_ready()
        complaints += verify_round(server, journal, number)
    for number in range(rounds):
        complaints += [c for c in verify_round(server, journal, number) if c not in complaints]
    report.check(journal.requests > rounds * CONNECTIONS, f'{journal.requests} requests answered')
    report.check(not complaints, f'{len(journal.firing)} acknowledged alerts and '
                 f'{len(journal.resolved)} resolutions are there after {rounds} kills: '
                 f'{len(complaints)} complaints {complaints[:5]}')
    end = time.monotonic() + PAGES_WITHIN
    while journal.must_page - set(sink.pages) and time.monotonic() < end:
        time.sleep(0.05)
    missing = journal.must_page - set(sink.pages)
    twice = sum(len(ids) > 1 for ids in sink.pages.values())
    again = sum(sink.attempts.values()) - len(sink.attempts)
    report.check(journal.must_page and not missing, f'{len(journal.must_page)} alerts had to page: '
                 f'{len(missing)} pages lost {sorted(missing)[:5]}')
    report.check(not twice, f'{len(sink.attempts)} deliveries were tried, {again} times more than '
                 f'once; {twice} alerts were paged under two delivery ids')
    server.kill()
    proof = subprocess.run([server.binary, 'verify', '--data', server.data], capture_output=True)
    report.check(proof.returncode == 0, 'tocsin verify finds every chain whole')
    if report.failed:
        print(f'kept: {folder} (server.log, journal, data); again with seed {seed}')
    else:
        shutil.rmtree(folder)
    return report.end()


if __name__ == '__main__':
    sys.exit(main())
