#!/bin/bash
# Installs what building, running and testing need, and only what is missing: a second run asks
# dpkg, finds everything and touches neither the network nor the disk.
#   deps.sh install build|test    Debian packages, as root or through sudo
#   deps.sh check build|test      only say what is missing (exit 1)
#   deps.sh npm                   the packages pinned in package-lock.json, without their scripts
set -euo pipefail
cd "$(dirname "$0")/.."

build="gcc libc6-dev make meson ninja-build pkg-config
    libcurl4-openssl-dev libssl-dev libpq-dev libsodium-dev libmd4c-dev libyaml-dev zlib1g-dev libbrotli-dev
    libpcre2-dev tzdata gettext ca-certificates"
test="clang llvm libclang-rt-14-dev node-llhttp postgresql prometheus prometheus-alertmanager
    chromium fonts-dejavu-core python3-aiosmtpd wrk curl strace openssl procps util-linux"

packages() { # the names of one list; node and npm count by command, since there are many packagings
    local names=${!1}
    if [ "$1" = build ]; then
        command -v node >/dev/null || names="$names nodejs"
        command -v npm >/dev/null || names="$names npm"
    fi
    echo $names
}

missing() {
    local have name
    have=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $(packages "$1") 2>/dev/null |
        sed -n 's/^installed //p' | paste -sd' ') || true
    for name in $(packages "$1"); do
        [[ " $have " == *" $name "* ]] || echo "$name"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "make: packages are missing and there is neither root nor sudo. As root, run:" >&2
        echo "  apt-get install --no-install-recommends $lacking" >&2
        exit 1
    fi
}

# PostgreSQL, Prometheus and Alertmanager are wanted as programs, not as services on their usual
# ports. Both variables are honoured by the packages' own start scripts: systemctl takes the system
# for one that is not running, and invoke-rc.d for one in single-user mode.
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1 RUNLEVEL=1 \
        apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
}

check() {
    lacking=$(missing "$1" | paste -sd' ')
    [ -z "$lacking" ]
}

need_dpkg() {
    command -v dpkg-query >/dev/null && return
    echo "make: this is not Debian; install what these packages stand for: $(packages "$1")" >&2
    exit 0
}

case "${1:-} ${2:-}" in
"install build" | "install test")
    need_dpkg "$2"
    check "$2" && exit 0
    echo "make: installing $lacking"
    # Package lists may be older than the archive: one refresh, then a second and last attempt.
    apt install $lacking || { apt update && apt install $lacking; }
    check "$2" || { echo "make: still missing: $lacking" >&2; exit 1; }
    ;;
"check build" | "check test")
    need_dpkg "$2"
    check "$2" && exit 0
    echo "make: missing packages: $lacking" >&2
    echo "make: run 'make deps' (or 'make deps-test') to install them" >&2
    exit 1
    ;;
"npm ")
    [ ! package-lock.json -nt node_modules/.package-lock.json ] && exit 0
    command -v npm >/dev/null || { echo "make: npm is missing: run 'make deps'" >&2; exit 1; }
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    touch node_modules/.package-lock.json
    ;;
*)
    sed -n '2,7s/^# \?//p' "$0" >&2
    exit 2
    ;;
esac
