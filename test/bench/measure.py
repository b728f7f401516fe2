#!/usr/bin/env -S python3 -B
"""What the side-by-side benchmark cannot ask of both: size at rest, start with a long past, pages.

    measure.py BINARY [PAST]     PAST resolved alerts stored before starting (1,000,000)

Prints one line a measure: name, median, unit, the bound of the design, each run.
"""
import asyncio
import http.client
import os
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../fault'))
from server import Connection, FOREVER, LONG_AGO, Server, alert  # noqa: E402

RUNS = 5
OPEN = 10_000
BATCH = 500


async def fill(server, first, count, end):
    """Posts `count` alerts from number `first` on, over four connections."""
    numbers = iter(range(first, first + count, BATCH))

    async def worker():
        connection = Connection(server)
        for start in numbers:
            sent = [alert(end=end, alertname=f'Past{n % 100:03d}', instance=f'host-{n}',
                          service=f'shop-{n % 20}', severity='page')
                    for n in range(start, start + BATCH)]
            status = await connection.post(sent)
            if status != 200:
                raise RuntimeError(f'filling: status {status}')
        connection.close()
    await asyncio.gather(*(worker() for _ in range(4)))


def rss_mb(pid):
    with open(f'/proc/{pid}/status', encoding='ascii') as status:
        for line in status:
            if line.startswith('VmRSS'):
                return int(line.split()[1]) / 1024


def tell(name, values, unit, bound):
    each = ' '.join(f'{value:.1f}' for value in values)
    print(f'{name}\t{statistics.median(values):.1f}\t{unit}\t{bound}\t{each}', flush=True)


def start_ms(server):
    began = time.monotonic()
    server.start()
    server.wait_ready(120)
    return (time.monotonic() - began) * 1000


def start_and_rest(server):
    times, sizes = [], []
    for _ in range(RUNS):
        times.append(start_ms(server))
        time.sleep(1)  # idle is what is left when nothing has happened for a while
        sizes.append(rss_mb(server.process.pid))
        server.kill()
    return times, sizes


def page_times(server, path, requests=200):
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=30)
    times = []
    for _ in range(requests):
        began = time.monotonic()
        connection.request('GET', path, headers={'Accept': 'text/html',
                                                 'Authorization': f'Bearer {server.token}'})
        answer = connection.getresponse()
        answer.read()
        times.append((time.monotonic() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(f'{path}: status {answer.status}')
    return times


def main():
    past = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    folder = tempfile.mkdtemp(prefix='tocsin-measure-')
    server = Server(sys.argv[1], folder)
    server.init()
    times, sizes = start_and_rest(server)
    tell('idle, resident memory', sizes, 'MB', '<= 20')
    tell('start, empty', times, 'ms', '<= 100')

    server.start()
    server.wait_ready()
    asyncio.run(fill(server, 0, OPEN, FOREVER))
    rounds = [statistics.median(page_times(server, '/incidents', 40)) for _ in range(RUNS)]
    tell('home page, 10k open alerts, median request', rounds, 'ms', '<= 10')
    asyncio.run(fill(server, 0, OPEN, LONG_AGO))
    for first in range(OPEN, past, 50_000):
        count = min(50_000, past - first)
        asyncio.run(fill(server, first, count, FOREVER))
        asyncio.run(fill(server, first, count, LONG_AGO))
    server.kill()
    start_ms(server)  # the first start after a kill also recovers the log
    server.kill()
    times, sizes = start_and_rest(server)
    tell(f'start, {past} past alerts', times, 'ms', '<= 100')
    tell(f'idle, {past} past alerts, resident memory', sizes, 'MB', '-')
    shutil.rmtree(folder)


if __name__ == '__main__':
    main()
