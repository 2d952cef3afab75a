#!/bin/sh
# tests/outside/check.sh - an installed evx serves a project outside, found by CMake and pkg-config
# usage: check.sh BUILD WORK
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
log=$here/../../corpus/exchange/stuck.evtx
rm -rf "$2"
mkdir -p "$2"
work=$(cd "$2" && pwd)

# The tree may be moved after it was installed.
cmake --install "$build" --prefix "$work/first" >/dev/null
root=$work/root
mv "$work/first" "$root"

verdict() {
    got=$("$@" <"$log")
    echo "$1: $got"
    [ "$got" = 'stuck: 4 sessions' ]
}

cmake -S "$here" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$root" ${CC:+-DCMAKE_C_COMPILER="$CC"} \
    >/dev/null
cmake --build "$work/cmake" >/dev/null
verdict "$work/cmake/verdicts"

if command -v pkg-config >/dev/null 2>&1; then
    PKG_CONFIG_PATH=$(dirname "$(find "$root" -name evx.pc)")
    export PKG_CONFIG_PATH
    sh "$here/build.sh" "$work/verdicts"
    LD_LIBRARY_PATH=$(pkg-config --variable=libdir evx)    # where there is a shared library too
    export LD_LIBRARY_PATH
    verdict "$work/verdicts"
else
    echo 'no pkg-config: that way was skipped'
fi

test "$(find "$root" -name libevx.3)"
if [ -x "$root/bin/evx" ]; then
    "$root/bin/evx" --version
    for file in man/man1/evx.1 bash-completion/completions/evx zsh/site-functions/_evx \
        fish/vendor_completions.d/evx.fish; do
        test -f "$root/share/$file"
    done
fi
