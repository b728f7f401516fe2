#!/bin/bash
# Speed beside a real Alertmanager, and alone.
#   MODE=quick|full test/bench/run.sh [scenario…]   start one batch dup get page storm durable mem
# quick (default) takes two minutes and only prints; full also writes docs/benchmarks.md.
# BENCH is the folder of the side-by-side benchmark, BINARY the server, PAST the alerts stored
# before the start is measured.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=${MODE:-quick}
bench=${BENCH:-../shared/bench}
export BINARY PREPARED
BINARY=$(realpath "${BINARY:-build/tocsin}")
work=build/bench
PREPARED=$PWD/$work/prepared

[ -e "$bench/bench.sh" ] || { echo "bench: no benchmark in $bench; say where it is: BENCH=…" >&2; exit 1; }
[ -x "$BINARY" ] || { echo "bench: no $BINARY; run 'make' first" >&2; exit 1; }
command -v prometheus-alertmanager >/dev/null || { echo "bench: run 'make deps-test' first" >&2; exit 1; }

key=benchmark-integration-key-000001
hookport=${HOOKPORT:-18080}

prepare() { # KIND: a data folder as it is before the first alert
    local data=$PREPARED/$1 port=19293 token server
    token=$("$BINARY" init --data "$data" --admin bench@example.org --json --integration-key $key |
        grep -o '"token" *: *"[^"]*"' | cut -d'"' -f4)
    [ "$1" = page ] || return 0
    "$BINARY" serve --data "$data" --listen "127.0.0.1:$port" --allow 127.0.0.1 2>>$work/prepare.log &
    server=$!
    curl -sf -o /dev/null --retry 100 --retry-delay 0 --retry-connrefused --retry-max-time 20 \
        "http://127.0.0.1:$port/readyz"
    test/fault/page_webhook.sh "http://127.0.0.1:$port" "$token" "http://127.0.0.1:$hookport/"
    kill -TERM $server
    wait $server || true
}

rm -rf $work && mkdir -p $work "$PREPARED"
cp -r "$bench" $work/side-by-side && chmod -R u+w $work/side-by-side
prepare ingest
prepare page

status=0
B_NAME=tocsin A_NAME=alertmanager HOOKPORT=$hookport B_CMD="bash $PWD/test/bench/serve.sh" \
    B_PATH=/in/$key/api/v2/alerts B_READY=/readyz \
    bash $work/side-by-side/bench.sh "$mode" "$@" | tee $work/side-by-side.txt || status=$?
if [ $# = 0 ]; then
    PAST=${PAST:-$([ "$mode" = full ] && echo 1000000 || echo 50000)}
    test/bench/measure.py "$BINARY" "$PAST" | tee $work/measures.tsv
    if [ "$mode" = full ]; then
        test/bench/report.py $work/side-by-side.txt $work/measures.tsv >docs/benchmarks.md
        echo "wrote docs/benchmarks.md"
    fi
fi
exit $status
