#!/bin/bash
# make dist: one file that runs on any Linux of this processor, whatever libraries it has.
#
# Debian has no static libcurl that links (Kerberos and LDAP come without), so the file carries the
# stripped binary, its libraries and their loader, packed behind a short script. The first start
# unpacks them into the cache of the user who runs it, under the checksum of what they are; later
# starts only look whether they are there. Time zones and certificate authorities stay the system's.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=build/tocsin
version=$("$binary" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
out=dist/tocsin-$version-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node tools/messages.mjs --check-release # nobody is handed a half translated program
mkdir -p dist "$work/pack"
strip -o "$work/pack/tocsin" "$binary"
ldd "$binary" | while read -r name arrow path _; do
    case $arrow in
    '=>') cp -L "$path" "$work/pack/$name" ;;
    *) case $name in /*) cp -L "$name" "$work/pack/ld.so" ;; esac ;;
    esac
done
tar -C "$work/pack" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf - . |
    gzip -9n >"$work/pack.tar.gz"
sum=$(sha256sum "$work/pack.tar.gz" | cut -c1-32)
{
    cat <<LAUNCH
#!/bin/sh
# Tocsin $version. Everything it needs follows this script; see its source, tools/dist.sh.
set -eu
umask 077
cache=\${TOCSIN_CACHE:-\${XDG_CACHE_HOME:-\${HOME:-/var/cache}/.cache}/tocsin}
home=\$cache/$sum
if ! [ -x "\$home/tocsin" ]; then
    mkdir -p "\$cache"
    new=\$(mktemp -d "\$cache/new.XXXXXX")
    tail -n +__LINES__ "\$0" | tar -C "\$new" -xzf - || { rm -rf "\$new"; exit 74; }
    mv -T "\$new" "\$home" 2>/dev/null || rm -rf "\$new" # another start was faster
fi
if ! [ -O "\$home" ]; then echo "tocsin: \$home belongs to somebody else" >&2; exit 77; fi
exec "\$home/ld.so" --argv0 tocsin --library-path "\$home" "\$home/tocsin" "\$@"
LAUNCH
} >"$work/head"
sed -i "s/__LINES__/$(($(wc -l <"$work/head") + 1))/" "$work/head"
cat "$work/head" "$work/pack.tar.gz" >"$out"
chmod 755 "$out"
"$out" --version >/dev/null
ls -lh "$out" | awk '{print "made " $NF ", " $5}'
