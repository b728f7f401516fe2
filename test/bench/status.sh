#!/bin/bash
# How many times a second the public status page can be read, from the core and from status-serve:
#   test/bench/status.sh [PROGRAM]      prints requests/s, p50 and p99 for each; needs wrk
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-build/tocsin}")
command -v wrk >/dev/null || { echo "bench: wrk is not installed" >&2; exit 1; }
work=$(mktemp -d)
core=18621 side=18622
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait; rm -rf "$work"' EXIT

token=$("$program" init --data "$work/data" --admin bench@example.org --json | grep -o '"token" *: *"[^"]*"' | cut -d'"' -f4)
"$program" serve --data "$work/data" --listen "127.0.0.1:$core" --base-url "http://127.0.0.1:$core" >"$work/core.log" 2>&1 &
pids+=($!)
ask() { curl -sf --retry 50 --retry-delay 0 --retry-connrefused -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d "$2" "http://127.0.0.1:$core$1"; }
ask /admin/status/pages '{"slug":"main","title":"Status"}' >/dev/null
for i in $(seq 20); do ask /admin/status/components "{\"name\":\"Component $i\"}" >/dev/null; done
until curl -sf "http://127.0.0.1:$core/status/" | grep -q 'Component 20<'; do sleep 0.05; done
"$program" status-serve --data "$work/data" --listen "127.0.0.1:$side" >"$work/side.log" 2>&1 &
pids+=($!)
until curl -sf "http://127.0.0.1:$side/status/" >/dev/null; do sleep 0.05; done

for what in "core $core" "status-serve $side"; do
    set -- $what
    for path in /status/ /api/v2/summary.json; do
        wrk -t1 -c64 -d5s --latency -H 'Accept-Encoding: br' "http://127.0.0.1:$2$path" |
            awk -v who="$1" -v path="$path" '/50%/ {p50 = $2} /99%/ {p99 = $2} /Requests\/sec/ {n = $2}
                END {printf "%-13s %-22s %8.0f requests/s   p50 %s   p99 %s\n", who, path, n, p50, p99}'
    done
done
