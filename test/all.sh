#!/bin/bash
# Every check of the project, one stage after the other; a stage that fails does not stop the next.
# Each stage ends with "N passed, N failed, N skipped"; the last line of all is their sum.
#   test/all.sh [stage…]     only these (build lint unit clang fuzz fault e2e)
#
# Three builds, each with warnings as errors, carry all stages:
#   build       gcc, as shipped        lint reads its objects, faults are injected into it
#   build-asan  gcc, ASan and UBSan    meson tests and the end-to-end story
#   build-fuzz  clang, ASan and UBSan  unit tests once more, and the fuzz targets
set -uo pipefail
cd "$(dirname "$0")/.."

export UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1
export ASAN_OPTIONS=abort_on_error=1:detect_stack_use_after_return=1:strict_string_checks=1
logs=build/test-logs
failed=()
mkdir -p $logs && rm -f $logs/*.log
trap 'echo interrupted; exit 130' INT TERM

configure() { # folder, then what meson is told
    [ -e "$1/build.ninja" ] || meson setup "$@"
}

counted() { # stands for a step that only passes or fails
    if "$@"; then echo "1 passed, 0 failed, 0 skipped"; else
        echo "0 passed, 1 failed, 0 skipped"
        return 1
    fi
}

meson_tests() { # folder [suite…]
    local folder=$1 status=0 suites=()
    shift
    [ $# = 0 ] || suites=("${@/#/--suite=}")
    # A log of an earlier run must not be counted when this one does not get as far as writing one.
    rm -f "$folder/meson-logs/testlog.json"
    test/with-pg.sh meson test -C "$folder" --print-errorlogs "${suites[@]}" || status=1
    if [ -s "$folder/meson-logs/testlog.json" ]; then
        test/counts.py meson "$folder/meson-logs/testlog.json"
    else
        echo "0 passed, 1 failed, 0 skipped"
    fi
    return $status
}

stage_build() { configure build && counted ninja -C build; }
stage_lint_rules() { tools/lint.py --self-test; }
stage_lint() { tools/lint.py --objects build; }
stage_unit() {
    CC=gcc configure build-asan -Db_sanitize=address,undefined -Db_lundef=false &&
        ninja -C build-asan && meson_tests build-asan
}
stage_clang() {
    test/fuzz/run.sh --configure build-fuzz && ninja -C build-fuzz && meson_tests build-fuzz unit
}
stage_fuzz() { test/fuzz/run.sh build-fuzz; }
stage_fault() { ROUNDS=10 test/fault/run.sh build/tocsin; }
stage_e2e() { test/e2e/run.sh build-asan/tocsin; }

run() {
    local name=$1 began=$SECONDS status=0
    echo
    echo "== $name"
    "stage_$name" 2>&1 | tee "$logs/$name.log" || status=1
    # A stage that broke off before it could count has failed once.
    grep -qE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$logs/$name.log" ||
        echo "0 passed, 1 failed, 0 skipped" >>"$logs/$name.log"
    if [ $status != 0 ] && tail -n 1 "$logs/$name.log" | grep -q ' 0 failed'; then
        echo "0 passed, 1 failed, 0 skipped" >>"$logs/$name.log"
    fi
    [ $status = 0 ] || failed+=("$name")
    echo "== $name: $([ $status = 0 ] && echo good || echo FAILED), $((SECONDS - began)) s"
}

[ $# -gt 0 ] || set -- build lint_rules lint unit clang fuzz fault e2e
for name in "$@"; do
    run "$name"
done

# Whoever reads only the end of a long log must find there what failed.
for name in "${failed[@]}"; do
    echo
    echo "== $name FAILED; from its log:"
    grep -nE '^ *(not ok|FAILED|FAIL\b|CHECK|ERROR|SUMMARY)|==ERROR|runtime error|: error:|: warning:|[0-9]+/[0-9]+ .*(FAIL|TIMEOUT|ERROR)|Failed|Traceback' \
        "$logs/$name.log" | cut -c1-300 | tail -n 25
    tail -n 8 "$logs/$name.log" | cut -c1-300
done

echo
echo "All of it took $SECONDS s; logs are in $logs/"
total=$(test/counts.py text $logs/*.log)
echo "$total"
[ ${#failed[@]} = 0 ] && [[ $total == *", 0 failed,"* ]] && [[ $total != "0 passed"* ]]
