#!/bin/bash
# Runs every fuzz target for FUZZ_SECONDS (default 60), as many at a time as there are cores.
#   test/fuzz/run.sh BUILD               configure if needed, build, run all targets
#   test/fuzz/run.sh BUILD TARGET…       only these, e.g. json
#   test/fuzz/run.sh --configure BUILD   only configure
# Starts from test/fuzz/corpus/TARGET; what it finds beyond stays in BUILD/corpus/TARGET, and an
# input that breaks something in BUILD/crashes. Keep the good ones by hand: small, and named.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=${FUZZ_SECONDS:-60}

configure() {
    [ -e "$1/build.ninja" ] && return
    command -v clang >/dev/null || { echo "make: clang is missing: run 'make deps-test'" >&2; return 1; }
    CC=clang meson setup "$1" -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false
}

one() { # BUILD TARGET
    local build=$1 target=$2 log=$1/crashes/$2.log status=0
    mkdir -p "$build/corpus/$target"
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 "$build/test/fuzz/fuzz_$target" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="$build/crashes/$target-" \
        "$build/corpus/$target" "test/fuzz/corpus/$target" >"$log" 2>&1 || status=$?
    if [ $status = 0 ]; then
        printf 'fuzz_%-9s %9s runs, %7s/s, cover %s, corpus %s\n' "$target" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
            "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" \
            "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2)" \
            "$(find "$build/corpus/$target" "test/fuzz/corpus/$target" -type f | wc -l)"
    else
        echo "fuzz_$target FAILED:"
        grep -vE '^#[0-9]+' "$log" | tail -n 60
        echo "again: $build/test/fuzz/fuzz_$target $(ls -t "$build/crashes/$target"-* 2>/dev/null | head -n 1)"
        touch "$build/crashes/$target.failed"
    fi
}

case ${1:-} in
--configure) configure "$2"; exit ;;
--one) one "$2" "$3"; exit ;;
'') sed -n '2,7s/^# \?//p' "$0" >&2; exit 2 ;;
esac

build=$1
shift
[ $# -gt 0 ] || set -- $(ls test/fuzz/fuzz_*.c | sed 's/.*fuzz_//; s/\.c$//')
configure "$build" && ninja -C "$build" "${@/#/test/fuzz/fuzz_}" || exit 1
mkdir -p "$build/crashes" && rm -f "$build"/crashes/*.failed
printf '%s\n' "$@" | xargs -P "$(nproc)" -I TARGET "$0" --one "$build" TARGET
broken=$(find "$build/crashes" -name '*.failed' | wc -l)
echo "$(($# - broken)) passed, $broken failed, 0 skipped"
[ "$broken" = 0 ]
