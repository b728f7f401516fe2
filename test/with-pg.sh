#!/bin/bash
# Runs a command beside a PostgreSQL server that lives exactly as long:
#   test/with-pg.sh meson test -C build
# The server has a folder and a socket of its own and no port. The command finds the socket's folder
# in TOCSIN_TEST_PG. Where PostgreSQL is not installed the command runs without that variable.
set -euo pipefail
export LC_ALL=C

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[ -x "$bin/postgres" ] || bin=$(dirname "$(command -v postgres || echo /nowhere/postgres)")
if [ -n "${TOCSIN_TEST_PG:-}" ] || [ ! -x "$bin/initdb" ]; then
    exec "$@"
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/tocsin-pg.XXXXXX")
as=(setpriv --pdeathsig QUIT) # if this script is killed, so is the server
if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
    chown postgres "$dir"
    as+=(--reuid=postgres --regid=postgres --init-groups)
fi
server=
finish() {
    [ -z "$server" ] || { kill -INT "$server" && wait "$server"; } 2>/dev/null || true
    rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

cd "$dir"
"${as[@]}" "$bin/initdb" -D data -U postgres -A trust --locale=C --encoding=UTF8 --no-sync >log 2>&1 ||
    { cat log >&2; exit 1; }
"${as[@]}" "$bin/postgres" -D data -k "$dir" -c listen_addresses= -c fsync=off \
    -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB >>log 2>&1 </dev/null &
server=$!
until "$bin/pg_isready" -q -h "$dir"; do
    kill -0 "$server" 2>/dev/null || { cat log >&2; exit 1; }
    sleep 0.05
done
cd "$OLDPWD"

TOCSIN_TEST_PG=$dir "$@"
