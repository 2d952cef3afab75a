#!/usr/bin/env python3
# tests/lint/mirror.py - every source file of the library has a test of the same name
"""usage: mirror.py ROOT

src/file/chunk.c is tested by tests/file/test_chunk.c, or by a test of the same room that names it
in its opening comment, where several files only make sense together. A file without a function is
a table, and tested by those who read it. src/cli/ is tested as a whole, by running the program,
and so are instruction sets: tests/kern/test_portable.c compares them all.
"""
import os
import re
import sys

FUNCTION = re.compile(r'^\{$', re.M)


def named(root, room):
    """All that the tests of a room say in their opening lines."""
    words, folder = '', os.path.join(root, 'tests', room)
    if os.path.isdir(folder):
        for name in sorted(os.listdir(folder)):
            if name.startswith('test_') and name.endswith('.c'):
                with open(os.path.join(folder, name), encoding='utf-8') as file:
                    words += file.read().split('#include')[0]
    return words


def main(root):
    bad, seen = [], 0
    top = os.path.join(root, 'src')
    for room in sorted(os.listdir(top)):
        folder = os.path.join(top, room)
        if not os.path.isdir(folder):
            continue
        if room == 'cli':
            seen += 1
            if not os.path.exists(os.path.join(root, 'tests', 'cli', 'test_cli.c')):
                bad.append('src/cli: no tests/cli/test_cli.c')
            continue
        words = named(root, room)
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding='utf-8') as file:
                if not name.endswith('.c') or not FUNCTION.search(file.read()):
                    continue
            if room == 'kern' and name in ('sse2.c', 'avx2.c', 'avx512.c', 'neon.c'):
                name = 'portable.c'
            seen += 1
            if ('src/%s/%s' % (room, name) not in words
                    and not os.path.exists(os.path.join(root, 'tests', room, 'test_' + name))):
                bad.append('src/%s/%s: no tests/%s/test_%s' % (room, name, room, name))
    for line in bad:
        print(line)
    print('mirror: %d files, %d without a test' % (seen, len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
