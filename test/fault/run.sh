#!/bin/bash
# Faults: kill -9 under load, full and read-only disks.
#   ROUNDS=200 SEED=… test/fault/run.sh build/tocsin
set -uo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

step() { # name, command…
    local name=$1
    shift
    echo "-- $name"
    "$@" 2>&1 | tee "$logs/$name"
}

shim=$logs/disk_shim.so
cc -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -shared -fPIC -o "$shim" test/fault/disk_shim.c || exit 1
step kill9 test/fault/kill9.py "$binary" "${ROUNDS:-200}" ${SEED:+"$SEED"}
step disk test/fault/disk.py "$binary" "$shim"
if unshare --map-root-user --mount true 2>/dev/null; then
    step tmpfs unshare --map-root-user --mount test/fault/disk.py "$binary" --tmpfs
else
    echo "SKIPPED tmpfs: no right to mount in a name space of our own" | tee "$logs/tmpfs"
    echo "0 passed, 0 failed, 1 skipped" | tee -a "$logs/tmpfs"
fi
total=$(test/counts.py text "$logs/kill9" "$logs/disk" "$logs/tmpfs")
echo "$total"
[[ $total == *" 0 failed,"* ]]
