#!/bin/bash
# A living product in one minute: starts a server on a folder of its own, fills it through the API, prints how to sign in, and
# stays in the foreground.   make demo     (DATA=folder, LISTEN=host:port)
# With TOCSIN_URL, TOCSIN_TOKEN and TOCSIN_KEY it fills the server that runs there instead.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${TOCSIN_URL:-}" ]; then
    exec node tools/demo.mjs "$TOCSIN_URL" "${TOCSIN_TOKEN:?an API token of an administrator}" "${TOCSIN_KEY:?an integration key}"
fi

data=${DATA:-data-demo} listen=${LISTEN:-127.0.0.1:8080} tocsin=${TOCSIN:-build/tocsin} email=demo@fernway.example
url=http://$listen
notes=$data/demo-sign-in # read again by the next `make demo`, which keeps the folder as it is

fresh=
if [ ! -e "$data" ]; then
    fresh=$("$tocsin" init --data "$data" --admin "$email" --name "Demo Admin" --base-url "$url" --json)
fi
# No mail leaves a demo: port 9 takes none.
TOCSIN_SMTP_URL=smtp://127.0.0.1:9 "$tocsin" serve --data "$data" --listen "$listen" --base-url "$url" >"$data/server.out" 2>"$data/server.log" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server"' EXIT
trap 'exit 0' INT TERM

for _ in $(seq 100); do
    curl -fsS -o /dev/null "$url/readyz" 2>/dev/null && break
    kill -0 "$server" 2>/dev/null || { tail -n 3 "$data/server.log" >&2; exit 1; }
    sleep 0.1
done

if [ -n "$fresh" ]; then
    read -r token key < <(node -e 'const v = JSON.parse(process.argv[1]); console.log(v.token, v.integration_key)' "$fresh")
    setup=$(grep -o 'http[^ ]*/setup/[^ ]*' "$data/server.out")
    node tools/demo.mjs "$url" "$token" "$key"
    password=$(node -p 'crypto.randomBytes(9).toString("base64url")')
    (umask 077 && printf '%s  %s\n' "$email" "$password" >"$notes")
    curl -fsS -o /dev/null -H 'Accept: application/json' --data-urlencode 'name=Demo Admin' \
        --data-urlencode "zone=$(cat /etc/timezone 2>/dev/null || echo UTC)" --data-urlencode "password=$password" "$setup"
else
    echo "$data is there already and is served as it is; remove it to begin anew."
fi
printf '\n  Open      %s\n  Sign in   %s\n  Log       %s\n  Ctrl-C ends the demo.\n\n' "$url" "$(cat "$notes" 2>/dev/null)" "$data/server.log"
wait "$server"
