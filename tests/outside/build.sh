#!/bin/sh
# tests/outside/build.sh - the same project for who builds with a line of shell, by pkg-config
# usage: build.sh OUTPUT     (CC and PKG_CONFIG_PATH from the environment)
set -eu
here=$(dirname "$0")
# shellcheck disable=SC2046
${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror "$here/verdicts.c" \
    $(pkg-config --cflags --libs evx) -o "$1"
