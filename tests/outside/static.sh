#!/bin/sh
# tests/outside/static.sh - the static program needs nothing: it runs in a folder that holds no more
# usage: static.sh PROGRAM WORK     (root, for chroot; otherwise only its headers are looked at)
set -eu
program=$1
corpus=$(cd "$(dirname "$0")/../../corpus/exchange" && pwd)
wc -c "$program"

if command -v readelf >/dev/null 2>&1 && readelf -lW "$program" | grep -q 'INTERP'; then
    echo "$program asks for a loader"
    exit 1
fi
if [ "$(id -u)" != 0 ] || ! chroot / true 2>/dev/null; then
    echo 'no right to chroot: not run in an empty root'
    exit 0
fi
rm -rf "$2"
mkdir -p "$2/root/logs"
cp "$program" "$2/root/evx"
cp "$corpus"/*.evtx "$2/root/logs"
for words in 'sessions --json' 'info --json' 'dump -o jsonl'; do
    inside=0
    outside=0
    # shellcheck disable=SC2086
    chroot "$2/root" /evx $words logs >"$2/inside" 2>"$2/inside.err" || inside=$?
    # shellcheck disable=SC2086
    (cd "$2/root" && ./evx $words logs >../outside 2>../outside.err) || outside=$?
    echo "evx $words: status $inside, $(wc -c <"$2/inside") bytes"
    [ "$inside" = "$outside" ] && [ "$inside" -lt 64 ] && [ "$inside" != 2 ]
    [ -s "$2/inside" ]
    cmp "$2/inside" "$2/outside"
    cmp "$2/inside.err" "$2/outside.err"
done
