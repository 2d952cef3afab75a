#!/usr/bin/env python3
# tests/lint/rooms.py - #include lines follow the drawing in src/README.md, and no other way
"""usage: rooms.py ROOT

    base -> kern -> file -> binxml -+-> text ------------------+-> cli
                      |             +-> select --+-> vss ------+
                      +-> evt -------------------+

A room includes its own files, any header of base, the door <room>/<room>.h of the rooms that lead
to it, and the public headers of those rooms. The program sees include/ and its own folder alone,
and so do the log writer and the fuzzers: what they check must not be what they use.
"""
import os
import re
import sys

LEADS = {
    'base': [],
    'kern': ['base'],
    'file': ['base', 'kern'],
    'binxml': ['base', 'kern', 'file'],
    'select': ['base', 'kern', 'file', 'binxml'],
    'evt': ['base', 'kern', 'file'],
    'text': ['base', 'kern', 'file', 'binxml'],
    'vss': ['base', 'kern', 'file', 'binxml', 'select', 'evt'],
}

INSIDE = {          # what is checked has no public entry of its own
    'fuzz/fuzz_kern.c': 'kern/kern.h',
}

PUBLIC = {          # the room that each public header belongs to
    'status': 'base', 'stream': 'file', 'chunk': 'file', 'kernels': 'kern', 'binxml': 'binxml',
    'wevt': 'binxml',
    'select': 'select', 'text': 'text', 'vss': 'vss', 'evt': 'evt',
}

NAMED = {           # the exceptions, each with its reason
    ('src/base/out.h', 'evx/text.h'): 'the caller sees evx_out where it is used first',
    ('src/base/out.c', 'evx/text.h'): 'the same',
    ('src/base/status.c', 'evx.h'): 'evx_version repeats the version of the whole',
    ('src/evt/evt.c', 'evx/select.h'): 'a legacy record becomes the same fields',
    ('src/text/run.c', 'kern/inline.h'): 'a loop that is compiled for each set',
    ('src/text/run.c', 'kern/each.h'): 'the same',
    ('src/select/pass.c', 'kern/inline.h'): 'the other one',
    ('src/select/pass.c', 'kern/each.h'): 'the same',
    ('src/text/plain.c', 'binxml/token.h'): 'the one reader of tokens that is as hot as the walk',
}

SYSTEM = {          # all that a library without a C library may include
    'stdbool.h', 'stddef.h', 'stdint.h', 'string.h', 'limits.h', 'float.h',
    'immintrin.h', 'emmintrin.h', 'wmmintrin.h', 'cpuid.h', 'intrin.h', 'arm_neon.h', 'arm_acle.h',
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes(path):
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match.group(1), match.group(2)


def sources(top):
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            if name.endswith(('.c', '.h')):
                yield os.path.join(folder, name)


def wrong_in_room(root, path, room, bracket, name):
    """What is wrong with this line, or None."""
    here = os.path.relpath(path, root).replace(os.sep, '/')
    if (here, name) in NAMED:
        return None
    if bracket == '<':
        return None if name in SYSTEM else 'the library includes no <%s>' % name
    parts = name.split('/')
    if parts[0] == 'evx.h':
        return 'a room includes the public headers that it needs, not all of them'
    if parts[0] == 'evx':
        owner = PUBLIC.get(parts[1][:-2])
        if owner is None:
            return 'unknown public header'
        below = owner == room or owner in LEADS[room]
        return None if below else '%s is not below %s' % (owner, room)
    if len(parts) != 2 or not os.path.exists(os.path.join(root, 'src', name)):
        return 'write it as "<room>/<file>.h"'
    other = parts[0]
    if other == room or other == 'base' and 'base' in LEADS[room]:
        return None
    if other not in LEADS[room]:
        return 'an upward edge: %s is not below %s' % (other, room)
    return None if parts[1] == other + '.h' else "the cellar of %s: include its door" % other


def wrong_outside(root, path, bracket, name):
    """For what may see the public headers only."""
    if bracket == '<' or name == 'evx.h' or name.startswith('evx/'):
        return None
    if INSIDE.get(os.path.relpath(path, root).replace(os.sep, '/')) == name:
        return None
    target = os.path.normpath(os.path.join(os.path.dirname(path), name))
    kit = os.path.join(root, 'tests', 'kit', name)
    tests = os.path.join(root, 'tests', name)
    src = os.path.join(root, 'src') + os.sep
    if target.startswith(src) and not target.startswith(src + 'cli'):
        return 'only include/ is visible here'
    if os.path.exists(target) or os.path.exists(kit) or os.path.exists(tests):
        return None
    return 'only include/ and its own folder are visible here'


def main(root):
    root = os.path.abspath(root)
    bad, seen = [], 0
    for top in ('src', 'include', 'tests/kit', 'fuzz'):
        for path in sources(os.path.join(root, top)):
            here = os.path.relpath(path, root).replace(os.sep, '/')
            room = here.split('/')[1] if top == 'src' else None
            seen += 1
            for number, bracket, name in includes(path):
                if room in LEADS:
                    wrong = wrong_in_room(root, path, room, bracket, name)
                elif top == 'include':
                    wrong = None if bracket == '"' or name in SYSTEM else 'not in a public header'
                elif room == 'cli' or room is None:
                    wrong = wrong_outside(root, path, bracket, name)
                else:
                    wrong = 'src/%s is no room' % room
                if wrong:
                    bad.append('%s:%d: %s: %s' % (here, number, name, wrong))
    for line in bad:
        print(line)
    print('rooms: %d files, %d wrong' % (seen, len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
