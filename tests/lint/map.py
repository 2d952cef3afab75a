#!/usr/bin/env python3
# tests/lint/map.py - the map in src/README.md and the first line of each file say the same
"""usage: map.py ROOT

A line of the map is a path, blanks, and one line of words:

    src/base/le.h             little-endian loads, written as shifts

and the file begins with the same: /* src/base/le.h - little-endian loads, written as shifts */
Every file of src/ and include/ is on the map, and every file on the map exists.
"""
import os
import re
import sys

LINE = re.compile(r'^\s*((?:src|include|tests|fuzz)/[\w./-]+\.(?:c|h))\s{1,}(\S.*?)\s*$')
FIRST = re.compile(r'^/\* (\S+) - (.*?) \*/$')


def read_map(path):
    lines, fenced = {}, False
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.startswith('```'):
                fenced = not fenced
            match = LINE.match(line) if fenced else None
            if match:
                lines[match.group(1)] = match.group(2)
    return lines


def main(root):
    where = os.path.join(root, 'src', 'README.md')
    if not os.path.exists(where):
        print('map: src/README.md is missing')
        return 1
    bad, lines = [], read_map(where)
    real = set()
    for top in ('src', 'include'):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith(('.c', '.h')):
                    path = os.path.relpath(os.path.join(folder, name), root)
                    real.add(path.replace(os.sep, '/'))
    for path in sorted(real - set(lines)):
        bad.append('%s: not on the map' % path)
    for path, words in sorted(lines.items()):
        full = os.path.join(root, path)
        if not os.path.exists(full):
            bad.append('%s: on the map, and nowhere else' % path)
            continue
        with open(full, encoding='utf-8') as file:
            first = FIRST.match(file.readline().rstrip('\n'))
        if not first:
            bad.append('%s:1: does not begin with /* %s - %s */' % (path, path, words))
        elif first.group(1) != path:
            bad.append('%s:1: calls itself %s' % (path, first.group(1)))
        elif first.group(2) != words:
            bad.append('%s:1: says "%s", the map "%s"' % (path, first.group(2), words))
    for top in ('tests', 'fuzz'):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if not name.endswith(('.c', '.h')):
                    continue
                path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, '/')
                with open(os.path.join(root, path), encoding='utf-8') as file:
                    first = FIRST.match(file.readline().rstrip('\n'))
                if not first or first.group(1) != path:
                    bad.append('%s:1: does not begin with /* %s - what it is */' % (path, path))
    for line in bad:
        print(line)
    print('map: %d lines, %d files, %d wrong' % (len(lines), len(real), len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
