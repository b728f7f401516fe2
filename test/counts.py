#!/usr/bin/env python3
"""Adds up what test programs reported: every line "N passed, N failed, N skipped".

    counts.py meson build-asan/meson-logs/testlog.json    one JSON object a test
    counts.py text FILE...                                the last such line of each file

A program that broke off without a failure of its own counts as one failed, one that
reported no number as one passed. Prints why tests were skipped, then one line with the sums.
"""
import json
import re
import sys

LINE = re.compile(r'^(\d+) passed, (\d+) failed, (\d+) skipped$', re.M)


def of_meson(path):
    with open(path, encoding='utf-8') as log:
        for line in log:
            test = json.loads(line)
            out = test.get('stdout') or ''
            for why in re.findall(r'^SKIPPED .*$', out, re.M):
                print(f'  {test["name"]}: {why}')
            found = LINE.findall(out)
            if test['result'] == 'SKIP' and not found:
                yield 0, 0, 1
                continue
            passed, failed, skipped = map(int, found[-1]) if found else (0, 0, 0)
            good = test['result'] in ('OK', 'EXPECTEDFAIL', 'SKIP')
            if not good and failed == 0:
                failed = 1
            if good and not found:
                passed = 1
            yield passed, failed, skipped


def of_text(paths):
    for path in paths:
        with open(path, encoding='utf-8', errors='replace') as log:
            found = LINE.findall(log.read())
        yield tuple(map(int, found[-1])) if found else (0, 1, 0)


def main():
    kind, paths = sys.argv[1], sys.argv[2:]
    rows = list(of_meson(paths[0]) if kind == 'meson' else of_text(paths))
    passed, failed, skipped = (sum(column) for column in zip(*rows)) if rows else (0, 0, 0)
    print(f'{passed} passed, {failed} failed, {skipped} skipped')


main()
