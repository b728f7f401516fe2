#!/usr/bin/env python3
"""Turns the output of the benchmark into docs/benchmarks.md: report.py BENCH.txt MEASURES.tsv

A bound is what issue #2 asks for; the tables say whether this run met it."""
import datetime
import os
import platform
import re
import subprocess
import sys

# scenario, metric (a pattern), what it is called here, the ratio asked for
WANTED = [
    ('one', 'alerts_s', 'one alert a request, 64 connections: alerts/s', 1.3),
    ('one', 'p99_us', 'one alert a request: p99', 1 / 0.9),
    ('batch', 'alerts_s', '100 alerts a request: alerts/s', 1.2),
    ('dup', 'alerts_s', 'repeats of a firing alert: alerts/s', 1.5),
    ('mem', 'rss_mb_100k', '100,000 active alerts: resident memory', 3.0),
    ('get', 'get_filter_1pct_p50_us', 'GET ?filter=, 1 % match', 20.0),
    ('page', 'page_p99_us', 'alert to webhook, one at a time: p99', 1.0),
    ('storm', 'page_p99_us', 'alert to webhook, 1,000 alerts/s: p99', 1.0),
]


def machine():
    cpu = 'unknown processor'
    with open('/proc/cpuinfo', encoding='utf-8') as info:
        for line in info:
            if line.startswith('model name'):
                cpu = line.split(':', 1)[1].strip()
                break
    with open('/proc/meminfo', encoding='ascii') as info:
        memory = int(info.readline().split()[1]) / (1 << 20)
    return f'{os.cpu_count()} × {cpu}, {memory:.0f} GB, Linux {platform.release().split("-")[0]}'


def commit():
    run = subprocess.run(['git', 'describe', '--always', '--dirty'], capture_output=True, text=True)
    return run.stdout.strip() or 'unknown'


def number(text):
    if text == '-':
        return text
    value = float(text)
    return f'{value:,.0f}' if value >= 100 else f'{value:g}'


def main():
    with open(sys.argv[1], encoding='utf-8') as f:
        bench = f.read()
    with open(sys.argv[2], encoding='utf-8') as f:
        measures = [line.rstrip('\n').split('\t') for line in f]
    rows = [line.split(None, 5) for line in bench.split('\n')
            if re.match(r'\w+ +\w+ +[\d.-]+ +[\d.-]+ ', line)]
    found = {(row[0], row[1]): row for row in rows}
    print('# Benchmarks\n')
    print('Made by `make bench MODE=full`; nothing here is typed by hand.\n')
    print(f'{datetime.date.today()}, commit {commit()}, {machine()}. Client, server and receiver '
          'share these cores.\n')
    print('## Beside Alertmanager\n')
    print('Both get the same requests in the same run, in turns (A B A B …); each figure is the '
          'median. Tocsin commits and syncs\nbefore it answers, Alertmanager keeps alerts in '
          'memory. "Better" is the ratio of medians: above 1, Tocsin is better,\nwhatever the '
          'unit.\n')
    print('| measure | Alertmanager | Tocsin | better | asked for | |\n|---|--:|--:|--:|--:|---|')
    for scenario, metric, name, bound in WANTED:
        row = found.get((scenario, metric))
        if not row:
            print(f'| {name} | - | - | not run | {bound:.2g}× | |')
            continue
        ratio = float(row[4].rstrip('x')) if re.fullmatch(r'[\d.]+x', row[4]) else 0.0
        print(f'| {name} | {number(row[2])} | {number(row[3])} | {ratio:.2f}× | {bound:.3g}× | '
              f'{"met" if ratio >= bound else "NOT MET"} |')
    print('\n## On its own\n\n| measure | median | asked for | each run |\n|---|--:|--:|---|')
    for name, median, unit, bound, each in measures:
        print(f'| {name} | {median} {unit} | {bound.replace("<=", "≤")} | {each} |')
    print('\n## All figures of the run\n\n```')
    print(bench.strip())
    print('```')


if __name__ == '__main__':
    main()
