#!/usr/bin/env python3
# tests/lint/stack.py - frames, recursion, and the deepest stack below any call of the library
"""usage: stack.py ROOT     (needs gcc 10 or later, for -fcallgraph-info)

No frame is larger than 2,048 bytes, no function can reach itself, and the longest path through the
call graph takes less than 8 KiB. Recursion is looked for without optimisation, where no call has
been turned into a jump; sizes are those of -O2. An indirect call is taken for the deepest function
of src/kern, since those are the only ones called that way; the caller's flush is the caller's.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

FRAME, PATH = 2048, 8192
ROOMS = ('base', 'kern', 'file', 'binxml', 'select', 'evt', 'text', 'vss')
NODE = re.compile(r'node: \{ title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
SIZE = re.compile(r'(\d+) bytes \(([\w,]+)')
INDIRECT = '__indirect_call'


def read_graph(root, level):
    """{function: bytes}, {function: set of functions}, functions of kern, unbounded functions"""
    frames, calls, kern, unbounded = {}, {}, set(), []
    with tempfile.TemporaryDirectory() as folder:
        for room in ROOMS:
            for source in sorted(glob.glob(os.path.join(root, 'src', room, '*.c'))):
                out = os.path.join(folder, room + '_' + os.path.basename(source)[:-2])
                subprocess.run(['gcc', '-std=c11', level, '-fno-stack-protector',
                                '-fstack-usage', '-fcallgraph-info=su',
                                '-I', os.path.join(root, 'include'),
                                '-I', os.path.join(root, 'src'), '-c', source,
                                '-o', out + '.o'], check=True, cwd=folder)
                with open(out + '.ci', encoding='utf-8') as file:
                    text = file.read()
                for title, label in NODE.findall(text):
                    size = SIZE.search(label)
                    if size:
                        frames[title] = int(size.group(1))
                        if room == 'kern':
                            kern.add(title)
                        if size.group(2) == 'dynamic':
                            unbounded.append(title)
                for source_name, target in EDGE.findall(text):
                    calls.setdefault(source_name, set()).add(target)
    return frames, calls, kern, unbounded


def find_cycle(calls):
    """A list of functions that leads back to its first one, or None. No recursion here either."""
    done = set()
    for root in calls:
        path, stack = [], [(root, iter(sorted(calls.get(root, ()))))]
        if root in done:
            continue
        path.append(root)
        while stack:
            name, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                done.add(name)
                stack.pop()
                path.pop()
            elif step in path:
                return path[path.index(step):] + [step]
            elif step not in done:
                stack.append((step, iter(sorted(calls.get(step, ())))))
                path.append(step)
    return None


def deepest(frames, calls, start, indirect, known):
    """Bytes and path of the deepest way down from start; the graph has no cycle."""
    order, stack = [], [start]
    while stack:
        name = stack.pop()
        if name in known:
            continue
        order.append(name)
        stack.extend(calls.get(name, ()))
    for name in reversed(order):
        best = (0, ())
        for target in calls.get(name, ()):
            below = (indirect, ('a kernel',)) if target == INDIRECT else known.get(target)
            if below is None:
                below = deepest(frames, calls, target, indirect, known)
            best = max(best, below)
        known[name] = (frames.get(name, 0) + best[0], (name,) + best[1])
    return known[start]


def main(root):
    root = os.path.abspath(root)
    version = shutil.which('gcc') and subprocess.run(['gcc', '-dumpversion'], text=True, check=True,
                                                     stdout=subprocess.PIPE).stdout
    if not version or int(version.split('.')[0]) < 10:
        print('stack: no gcc 10: skipped')
        return 77
    bad = []
    _, calls, _, _ = read_graph(root, '-O0')
    cycle = find_cycle(calls)
    if cycle:
        bad.append('recursion: ' + ' -> '.join(cycle))
    frames, calls, kern, unbounded = read_graph(root, '-O2')
    bad += ['%s: its frame has no bound' % name for name in unbounded]
    bad += ['%s: a frame of %d bytes' % (name, size)
            for name, size in sorted(frames.items()) if size > FRAME]
    if not cycle and not find_cycle(calls):
        known = {}
        indirect = max([deepest(frames, calls, name, 0, {})[0] for name in kern] or [0])
        worst = max([deepest(frames, calls, name, indirect, known) for name in frames] or [(0, ())])
        if worst[0] >= PATH:
            bad.append('the deepest path takes %d bytes' % worst[0])
        print('deepest: %d bytes: %s'
              % (worst[0], ' > '.join(name.split(':')[-1] for name in worst[1])))
    for line in bad:
        print(line)
    print('stack: %d functions, largest frame %d bytes, %d wrong'
          % (len(frames), max(frames.values() or [0]), len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
