#!/usr/bin/env python3
"""The project's own rules, as far as a machine can check them.

    tools/lint.py                   rules that need only the sources
    tools/lint.py --objects build   also the symbols each floor uses, read from built objects
    tools/lint.py --self-test       every rule must refuse its bad sample and accept its good one

A rule is a generator of (path, line, complaint). To change what a floor may do, edit a table here.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

# A floor includes itself and these.
FLOORS = {
    'base': '',
    'db': 'base',
    'net': 'base',
    'text': 'base',
    'domain': 'base',
    'store': 'base db domain',
    'notify': 'base db net text domain store',
    'engine': 'base db net text domain store notify',
    'web': 'base db net text domain store notify engine',
    'cli': 'base net text domain',
}
# Commands are clients of the API. These work on the data folder itself, and may reach below.
LOCAL_COMMANDS = ('src/cli/backup.c', 'src/cli/init.c', 'src/cli/installation.c',
                  'src/cli/migrate.c', 'src/cli/verify.c')
LOCAL_FLOORS = 'db store engine'
# These print the server's own tables, or serve its snapshots.
TABLE_COMMANDS = ('src/cli/routes.c', 'src/cli/status_serve.c')
TABLE_FLOORS = 'web'

# Libraries that one floor wraps for all others: header → the only place that may include it.
WRAPPED = {
    'sqlite3.h': 'src/db/',
    'libpq-fe.h': 'src/db/',
    'curl/curl.h': 'src/net/',
    'md4c.h': 'src/text/',
    'yaml.h': 'src/text/',
    'zlib.h': 'src/text/',
    'brotli/encode.h': 'src/text/',
}

# Headers made at build time; they lie in the build folder, beside no floor.
GENERATED = ('queries.h',)

# Packages whose headers are not where the compiler looks by itself.
PACKAGES = ('libpq',)

# Symbols an object of a floor must not need (regular expressions, matched whole).
DATABASE = r'sqlite3_\w+|PQ\w+'
CLOCK = r'time|clock_gettime|gettimeofday|localtime(_r)?|gmtime(_r)?|mktime'
SLEEP = r'u?sleep|nanosleep|clock_nanosleep'
HEAP = r'malloc|calloc|realloc|reallocarray|free|strn?dup|v?asprintf'
FILES = r'f?open(at)?(64)?|read|write|(f|p)(read|write)|f?printf|__f?printf_chk|puts|socket|connect'
FORBIDDEN = {
    'base': f'{DATABASE}|socket|connect',
    'db': f'socket|connect|{SLEEP}',
    'net': DATABASE,
    'text': f'{DATABASE}|{CLOCK}|{SLEEP}|{FILES}',
    'store': f'{DATABASE}|{CLOCK}|{SLEEP}',
    'notify': f'{DATABASE}|{CLOCK}|{SLEEP}',
    'engine': f'{DATABASE}|{CLOCK}|{SLEEP}',
    'web': f'{DATABASE}|{CLOCK}|{SLEEP}|{HEAP}',
    'cli': DATABASE,
}
# The domain is pure: beside our own code it may need nothing but these.
PURE = (r'mem(cpy|move|set|cmp|chr|rchr|mem)|str(n?cmp|n?casecmp|n?len|r?chr)|v?snprintf|'
        r'__(memcpy|memmove|memset|v?snprintf)_chk|qsort|bsearch|l?labs|'
        r'__assert_fail|__stack_chk_fail|abort|_GLOBAL_OFFSET_TABLE_')

# The edge where time enters. Everything else is given `now`.
CLOCK_NOW = ('src/main.c', 'src/serve.c', 'src/net/', 'src/cli/', 'src/base/clock.',
             'src/base/log.c', 'src/engine/writer.c', 'src/engine/notifier.c', 'src/engine/prober.c',
             'src/web/dispatch.c', 'src/web/ingest.c', 'src/web/statuspage_site.c')  # where a request is given its `now`

BANNED = {
    r'strcpy|strcat|strncpy|strncat|v?sprintf|stpcpy|gets|alloca': 'has no bound',
    r'strtok|strtok_r|atoi|atol|atoll|atof|strtol|strtoll|strtoul|strtoull|sscanf|scanf':
        'accepts what it should refuse; parse with the functions of base',
    r'localtime|localtime_r|gmtime|mktime|strftime|strptime|tzset|setlocale':
        'is process-global; civil time is base/zone',
    r'rand|srand|random|srandom|drand48': 'is not random; randomness is an argument',
    r'sleep|usleep|nanosleep': 'waits for a guess instead of for the event',
}
# These belong to whoever owns the process.
BANNED_BELOW_MAIN = {
    r'exit|_exit|_Exit|quick_exit': 'below main; return an error',
    r'setenv|unsetenv|putenv|clearenv': 'below main: the environment is process-global',
}
MAIN = ('src/main.c', 'src/serve.c', 'test/', 'tools/')
STRLEN = ('src/base/', 'src/db/', 'src/cli/', 'src/main.c', 'test/', 'tools/')

BANNED_SQL = {
    r'ILIKE': 'PostgreSQL only',
    r'now\s*\(|CURRENT_(TIMESTAMP|TIME|DATE)|datetime\s*\(|strftime\s*\(': 'time is an argument',
    r'SERIAL|BIGSERIAL|AUTOINCREMENT|ROWID|IDENTITY': 'ids come from the program',
    r'RANDOM\s*\(': 'randomness is an argument',
    r'FOR\s+(UPDATE|SHARE)|SKIP\s+LOCKED': 'PostgreSQL only; repeat the predicate when claiming',
    r'DROP\s+(TABLE|COLUMN)|ALTER\s+TABLE\s+\w+\s+(?!ADD\s+COLUMN)\w+': 'migrations only add',
    r'JSONB?|BYTEA|BLOB|BOOLEAN|TIMESTAMP(TZ)?|INTEGER|VARCHAR': 'columns are TEXT and BIGINT',
}
BANNED_SQL_RAW = {r'::': 'use CAST', r'->>?': 'no JSON operators'}
SQL_OVERRIDES = 4  # queries written twice, once for each database

FILE_LINES = 800
FUNCTION_LINES = 60
TEXT_SUFFIXES = {'.c', '.h', '.py', '.sh', '.sql', '.html', '.txt', '.md', '.css', '.js', '.mjs',
                 '.cjs', '.yaml', '.build', '.po', '.scn', '.http'}
FOLDERS = ('src', 'test', 'tools', 'sql', 'templates', 'assets', 'packs', 'docs', 'locale')


class Tree:
    """The files of one checkout, read once."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.cache = {}

    def files(self, *suffixes, under=FOLDERS):
        for folder in under:
            for path in sorted((self.root / folder).rglob('*')):
                name = path.relative_to(self.root).as_posix()
                if path.suffix in suffixes and path.is_file() and '/corpus/' not in name:
                    yield name

    def text(self, name):
        if name not in self.cache:
            self.cache[name] = (self.root / name).read_text(encoding='utf-8')
        return self.cache[name]

    def lines(self, name):
        return enumerate(self.text(name).split('\n'), 1)

    def code(self, name):
        """C without comments and the contents of literals, line numbers kept."""
        def blank(match):
            kept = match.group(0)
            if kept[0] in '"\'':
                return kept[0] * 2
            return ' ' + '\n' * kept.count('\n')
        return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank,
                      self.text(name), flags=re.S)


def floor_of(name):
    parts = name.split('/')
    return parts[1] if len(parts) > 2 else None


def allowed(name, places):
    return any(name == place or name.startswith(place) for place in places)


def may(name, floor):
    more = LOCAL_FLOORS if name in LOCAL_COMMANDS else TABLE_FLOORS if name in TABLE_COMMANDS else ''
    return (FLOORS[floor] + ' ' + more).split()


def rule_includes(tree):
    for name in tree.files('.c', '.h', under=['src']):
        floor = floor_of(name)
        for number, line in tree.lines(name):
            ours = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            theirs = re.match(r'\s*#\s*include\s+[<"]([^">]+)[">]', line)
            if theirs and not name.startswith(WRAPPED.get(theirs[1], '')):
                yield name, number, f'{theirs[1]} may be included in {WRAPPED[theirs[1]]} only'
            if not ours or ours[1] in WRAPPED:
                continue
            target = ours[1].split('/')[0]
            if floor and floor not in FLOORS:
                yield name, 1, f'no such floor: {floor}'
            elif '/' not in ours[1] and ours[1] not in GENERATED:
                yield name, number, f'say the floor: "{floor}/{ours[1]}"'
            elif floor and '/' in ours[1] and target != floor and target not in may(name, floor):
                yield name, number, f'floor {floor} must not include {target}/'


def rule_floor_folder(tree):
    """meson puts a target's own folder on the include path, where base/time.h hides <time.h>."""
    for name in tree.files('.build', under=['src']):
        for match in re.finditer(r'static_library\([^)]*\)', tree.text(name)):
            if 'implicit_include_directories: false' not in match[0]:
                yield name, tree.text(name)[:match.start()].count('\n') + 1, \
                    'static_library without implicit_include_directories: false'


def rule_clock(tree):
    for name in tree.files('.c', '.h', under=['src']):
        if allowed(name, CLOCK_NOW):
            continue
        for number, line in enumerate(tree.code(name).split('\n'), 1):
            if re.search(r'\bclock_(now|mono_us)\s*\(', line):
                yield name, number, 'reads the clock; take `now` as an argument'


def rule_banned(tree):
    for name in tree.files('.c', '.h', under=['src', 'test', 'tools']):
        for number, line in enumerate(tree.code(name).split('\n'), 1):
            for functions, why in BANNED.items():
                for match in re.finditer(rf'(?<![\w.>])({functions})\s*\(', line):
                    yield name, number, f'{match[1]} {why}'
            for functions, why in BANNED_BELOW_MAIN.items():
                match = re.search(rf'(?<![\w.>])({functions})\s*\(', line)
                if match and not allowed(name, MAIN):
                    yield name, number, f'{match[1]} {why}'
            if re.search(r'(?<![\w.>])strlen\s*\(', line) and not allowed(name, STRLEN):
                yield name, number, 'strlen on what may be input; pass a struct str'


def rule_file_length(tree):
    for name in tree.files('.c', '.h', '.py', '.sh', '.html', '.js', '.mjs', '.cjs'):
        length = tree.text(name).count('\n')
        if length > FILE_LINES:
            yield name, length, f'{length} lines, at most {FILE_LINES}'


def rule_function_length(tree):
    for name in tree.files('.c', '.h', under=['src', 'test', 'tools']):
        start = 0
        for number, line in tree.lines(name):
            if line == '{':
                start = number
            elif line.startswith('}') and start:
                if number - start - 1 > FUNCTION_LINES:
                    yield name, start, (f'function of {number - start - 1} lines, '
                                        f'at most {FUNCTION_LINES}')
                start = 0


def rule_space(tree):
    for name in tree.files(*TEXT_SUFFIXES):
        text = tree.text(name)
        for number, line in tree.lines(name):
            if '\t' in line:
                yield name, number, 'tab'
            if line != line.rstrip():
                yield name, number, 'space at the end of the line'
        partial = name.startswith('templates/_')  # may be inserted in the middle of a line
        if text and not text.endswith('\n') and not partial:
            yield name, text.count('\n') + 1, 'no newline at the end of the file'


def rule_promises(tree):
    words = '|'.join(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'])
    for name in tree.files(*TEXT_SUFFIXES):
        for number, line in tree.lines(name):
            if re.search(rf'\b({words})\b(?!\(#\d+\))', line):
                yield name, number, 'a promise without an issue: write it as WORD(#123) or do it'


def rule_headers(tree):
    include = ['-I', str(tree.root / 'src'), '-I', str(tree.root / 'test'),
               '-I', str(tree.root / 'node_modules/better-sqlite3/deps/sqlite3')]
    flags = subprocess.run(['pkg-config', '--cflags', *PACKAGES], capture_output=True, text=True)
    include += flags.stdout.split()
    for made in (path for name in GENERATED for path in sorted(tree.root.glob(f'build*/**/{name}'))):
        include += ['-I', str(made.parent)]
    for name in tree.files('.h', under=['src', 'test']):
        if '#pragma once' not in tree.text(name):
            yield name, 1, 'no #pragma once'
        unit = f'#include "{tree.root / name}"\n'
        run = subprocess.run(['cc', '-std=c17', '-D_GNU_SOURCE', '-fsyntax-only', *include,
                              '-x', 'c', '-'], input=unit, capture_output=True, text=True)
        first = next((l for l in run.stderr.split('\n') if 'error: ' in l), run.stderr.strip())
        unbuilt = any(f'{made}: No such file' in first for made in GENERATED)
        if run.returncode and not unbuilt:
            yield name, 1, f'does not compile alone: {first}'


def rule_templates(tree):
    for name in tree.files('.html', under=['templates']):
        mail = name.startswith('templates/mail/')  # mail clients know no style sheet
        for number, line in tree.lines(name):
            if re.search(r'<script\b(?![^>]*\bsrc=)', line):
                yield name, number, 'inline script (the content security policy refuses it)'
            if not mail and re.search(r'<style\b|\sstyle\s*=', line):
                yield name, number, 'inline style (the content security policy refuses it)'
            if re.search(r'\son[a-z]+\s*=', line):
                yield name, number, 'event attribute (the content security policy refuses it)'
            if re.search(r'hx-on|\bjs:|javascript:|hx-(trigger|vals)\s*=\s*["\'][^"\']*\[', line):
                yield name, number, 'needs eval (the content security policy refuses it)'
            for raw in re.findall(r'\{\{\{\s*([^}\s]*)|\{\{&\s*([^}\s]*)', line):
                last = (raw[0] or raw[1]).split('.')[-1]
                if not last.startswith('html_'):
                    yield name, number, f'unescaped {last}: only html_* may be'


def rule_sql(tree):
    overrides = 0
    for name in tree.files('.sql', under=['sql']):
        exempt = False
        for number, line in tree.lines(name):
            if line.startswith('-- '):
                marked = re.match(r'-- \w+.*\[(postgres|sqlite)\]', line)
                exempt = bool(marked) or (exempt and not re.match(r'-- \w+\(', line))
                overrides += bool(marked)
            code = re.sub(r"--.*|'(?:[^']|'')*'", '', line)
            if exempt or not code.strip() or re.search(r'-- only (postgres|sqlite)$', line):
                continue
            for words, why in BANNED_SQL.items():
                match = re.search(rf'(?<![\w.])({words})(?!\w)', code, re.I)
                if match:
                    yield name, number, f'{match[0].strip()}: {why}'
            for marks, why in BANNED_SQL_RAW.items():
                if re.search(marks, code):
                    yield name, number, f'{re.search(marks, code)[0]}: {why}'
    if overrides > SQL_OVERRIDES:
        yield 'sql', 1, f'{overrides} queries written for one database, at most {SQL_OVERRIDES}'


def objects_of(build, floor):
    return sorted(pathlib.Path(build).glob(f'src/{floor}/*.p/**/*.o'))


def symbols(path, option):
    run = subprocess.run(['nm', option, '--format=posix', str(path)], capture_output=True,
                         text=True, check=True)
    return [line.split()[0] for line in run.stdout.split('\n') if line]


def rule_symbols(tree, build):
    ours = set()
    for floor in FLOORS:
        for path in objects_of(build, floor):
            ours.update(symbols(path, '--defined-only'))
    for floor in FLOORS:
        for path in objects_of(build, floor):
            source = f'src/{floor}/' + path.name.replace('.c.o', '.c').split('_src_')[-1]
            if not (tree.root / source).exists():
                continue  # built earlier from a file that is gone, or somebody else's source
            for symbol in symbols(path, '--undefined-only'):
                if floor == 'domain':
                    wrong = symbol not in ours and not re.fullmatch(PURE, symbol)
                else:
                    wrong = re.fullmatch(FORBIDDEN[floor], symbol)
                if wrong:
                    yield source, 1, f'floor {floor} must not use {symbol}'


RULES = {rule.__name__[5:]: rule for rule in (
    rule_includes, rule_floor_folder, rule_clock, rule_banned, rule_file_length, rule_function_length, rule_space,
    rule_promises, rule_headers, rule_templates, rule_sql)}

# rule → (file, text that must be refused, text that must be accepted)
SAMPLES = {
    'includes': [
        ('src/base/a.c', '#include "store/x.h"\n', '#include "base/x.h"\n'),
        ('src/domain/a.c', '#include "db/db.h"\n', '#include "base/x.h"\n'),
        ('src/net/a.c', '#include "text/x.h"\n', '#include "net/x.h"\n'),
        ('src/engine/a.c', '#include "web/x.h"\n', '#include "store/x.h"\n'),
        ('src/notify/a.c', '#include "engine/x.h"\n', '#include "net/x.h"\n'),
        ('src/cli/init.c', '#include "web/x.h"\n', '#include "engine/x.h"\n'),
        ('src/cli/ack.c', '#include "store/x.h"\n', '#include "domain/x.h"\n'),
        ('src/engine/a.c', '#include "a.h"\n', '#include "engine/a.h"\n'),
        ('src/nowhere/a.c', '#include "base/x.h"\n', ''),
        ('src/store/a.c', '#include <sqlite3.h>\n', '#include <stdint.h>\n'),
    ],
    'floor_folder': [('src/text/meson.build', "x = static_library('x', 'x.c')\n",
                      "x = static_library('x',\n  implicit_include_directories: false)\n")],
    'clock': [('src/engine/a.c', 'x = clock_now();\n', '/* clock_now() */\n'),
              ('src/web/a.c', 'x = clock_mono_us();\n', 'x = "clock_now()";\n')],
    'banned': [
        ('src/base/a.c', 'strcpy(a, b);\n', '/* strcpy(a, b) */\n'),
        ('src/web/a.c', 'n = atoi(s);\n', 'n = str_atoi(s);\n'),
        ('src/web/a.c', 'exit(1);\n', 'q->exit(1);\n'),
        ('src/net/a.c', 'n = strlen(s);\n', 'n = s.len;\n'),
        ('test/unit/a.c', 'sleep(1);\n', 'puts("sleep(1)");\n'),
        ('src/base/a.c', 'setenv("TZ", z, 1);\n', 'zone_load(z);\n'),
    ],
    'file_length': [('src/base/a.c', 'x;\n' * (FILE_LINES + 1), 'x;\n' * FILE_LINES)],
    'function_length': [('src/base/a.c', 'int f(void)\n{\n' + '    x;\n' * (FUNCTION_LINES + 1) + '}\n',
                         'int f(void)\n{\n' + '    x;\n' * FUNCTION_LINES + '}\n')],
    'space': [('src/base/a.c', 'a \n', 'a\n'), ('src/base/a.c', '\ta\n', '    a\n'),
              ('sql/a.sql', 'a', 'a\n')],
    'promises': [('src/base/a.c', '/* TO' 'DO: later */\n', '/* TO' 'DO(#12): later */\n'),
                 ('templates/a.html', 'FIX' 'ME\n', 'FIXMEUP\n')],
    'headers': [('src/base/a.h', '#pragma once\nbool f(void);\n',
                 '#pragma once\n#include <stdbool.h>\nbool f(void);\n'),
                ('src/base/a.h', 'int f(void);\n', '#pragma once\nint f(void);\n')],
    'templates': [
        ('templates/a.html', '<script>x()</script>\n', '<script src="/a.js"></script>\n'),
        ('templates/a.html', '<b style="color:red">\n', '<b class="x">\n'),
        ('templates/a.html', '<b onclick="x()">\n', '<b data-on="x">\n'),
        ('templates/a.html', '<b hx-on:click="x()">\n', '<b hx-get="/x">\n'),
        ('templates/a.html', '<b hx-vals="js:{a:1}">\n', '<b hx-vals=\'{"a":1}\'>\n'),
        ('templates/a.html', '<b hx-trigger="click[x]">\n', '<b hx-trigger="click">\n'),
        ('templates/a.html', '{{{title}}}\n', '{{{html_body}}} {{{post.html_body}}}\n'),
        ('templates/a.html', '{{& title}}\n', '{{title}}\n'),
    ],
    'sql': [
        ('sql/queries/a.sql', "SELECT a ILIKE 'x'\n", "SELECT 'ILIKE' -- ILIKE\n"),
        ('sql/queries/a.sql', 'SELECT now()\n', 'SELECT known FROM a\n'),
        ('sql/schema/a.sql', 'CREATE TABLE a (id SERIAL)\n', 'CREATE TABLE a (serial_no TEXT)\n'),
        ('sql/schema/a.sql', 'ALTER TABLE a DROP COLUMN b\n', 'ALTER TABLE a ADD COLUMN b TEXT\n'),
        ('sql/schema/a.sql', '    id INTEGER,\n', '    id INTEGER, -- only sqlite\n'),
        ('sql/queries/a.sql', 'SELECT a::text\n', 'SELECT CAST(a AS TEXT)\n'),
        ('sql/queries/a.sql', '-- b(): rows\nSELECT 1 FOR UPDATE\n',
         '-- b [postgres]\nSELECT 1 FOR UPDATE\n'),
        ('sql/queries/a.sql', '-- a [postgres]\nSELECT now()\n-- b(): rows\nSELECT now()\n',
         '-- a [postgres]\nSELECT now()\n-- b(): rows\nSELECT 1\n'),
        ('sql/queries/a.sql', '-- a [postgres]\n' * (SQL_OVERRIDES + 1),
         '-- a [postgres]\n' * SQL_OVERRIDES),
    ],
}
SYMBOL_SAMPLES = [  # floor, bad source, good source
    ('domain', '#include <stdlib.h>\nvoid *f(void);\nvoid *f(void) { return malloc(3); }\n',
     '#include <string.h>\nint f(char *a, char *b);\nint f(char *a, char *b) { return memcmp(a, b, 3); }\n'),
    ('domain', '#include <stdio.h>\nvoid f(int x);\nvoid f(int x) { printf("%d", x); }\n',
     '#include <stdio.h>\nvoid f(char *s, int x);\nvoid f(char *s, int x) { snprintf(s, 9, "%d", x); }\n'),
    ('engine', '#include <time.h>\ntime_t f(void);\ntime_t f(void) { return time(0); }\n',
     'int f(void);\nint f(void) { return 1; }\n'),
    ('text', '#include <fcntl.h>\nint f(void);\nint f(void) { return open("x", 0); }\n',
     '#include <stdlib.h>\nvoid *f(void);\nvoid *f(void) { return malloc(3); }\n'),
    ('store', 'int sqlite3_step(int);\nint f(void);\nint f(void) { return sqlite3_step(1); }\n',
     'int db_step(int);\nint f(void);\nint f(void) { return db_step(1); }\n'),
]


def sample_tree(folder, name, text):
    path = pathlib.Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding='utf-8')
    return Tree(folder)


def compile_sample(folder, floor, text):
    tree = sample_tree(folder, f'src/{floor}/a.c', text)
    out = pathlib.Path(folder) / f'build/src/{floor}/lib{floor}.a.p/a.c.o'
    out.parent.mkdir(parents=True)
    subprocess.run(['cc', '-O1', '-c', tree.root / f'src/{floor}/a.c', '-o', out], check=True)
    return tree, pathlib.Path(folder) / 'build'


def self_test():
    passed = failed = 0

    def expect(rule, place, found, bad):
        nonlocal passed, failed
        if bool(found) == bad:
            passed += 1
            return
        failed += 1
        print(f'lint: rule {rule} {"accepts its bad" if bad else "refuses its good"} sample '
              f'for {place}: {found}')

    for rule, samples in SAMPLES.items():
        for name, bad, good in samples:
            for text, is_bad in ((bad, True), (good, False)):
                with tempfile.TemporaryDirectory() as folder:
                    found = list(RULES[rule](sample_tree(folder, name, text)))
                    expect(rule, name, found, is_bad)
    for floor, bad, good in SYMBOL_SAMPLES:
        for text, is_bad in ((bad, True), (good, False)):
            with tempfile.TemporaryDirectory() as folder:
                found = list(rule_symbols(*compile_sample(folder, floor, text)))
                expect('symbols', floor, found, is_bad)
    for rule in set(RULES) - set(SAMPLES):
        expect(rule, 'any', [], True)
    print(f'{passed} passed, {failed} failed, 0 skipped')
    return failed


def main():
    options = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    options.add_argument('--self-test', action='store_true')
    options.add_argument('--objects', metavar='BUILD')
    options = options.parse_args()
    if options.self_test:
        return 1 if self_test() else 0
    tree = Tree(pathlib.Path(__file__).resolve().parent.parent)
    found = {name: list(rule(tree)) for name, rule in RULES.items()}
    if options.objects:
        if not any(objects_of(options.objects, floor) for floor in FLOORS):
            found['symbols'] = [(options.objects, 1, 'no objects here: build first')]
        else:
            found['symbols'] = list(rule_symbols(tree, options.objects))
    for name, complaints in found.items():
        for path, line, complaint in complaints:
            print(f'{path}:{line}: {complaint} [{name}]')
    failed = sum(bool(complaints) for complaints in found.values())
    print(f'{len(found) - failed} passed, {failed} failed, 0 skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
