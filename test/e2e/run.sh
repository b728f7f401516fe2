#!/bin/bash
# The end-to-end tests, with real parts:
#   run.sh [PROGRAM] [FILE…]     PROGRAM is build/tocsin unless given; FILEs are names in this folder
set -euo pipefail
cd "$(dirname "$0")/../.."

export TOCSIN=${1:-build/tocsin}
shift || true
export LC_ALL=C.UTF-8 # commands speak the language of their terminal
[ -x "$TOCSIN" ] || { echo "run.sh: $TOCSIN is not built" >&2; exit 1; }
files=("${@/#/test/e2e/}")
[ ${#files[@]} -gt 0 ] || files=(test/e2e/*.test.mjs)
exec test/with-pg.sh node --test --test-reporter=./test/e2e/reporter.mjs --test-reporter-destination=stdout "${files[@]}"
