#!/usr/bin/env python3
# tests/lint/symbols.py - what the library needs, exports and keeps, as the linker sees it
"""usage: symbols.py ROOT [--archive FILE]     (CC from the environment)

After `ld -r` over the library: undefined symbols are memcpy, memmove, memset and memcmp at most,
which is the promise that nothing is allocated and no system is called; every global symbol begins
with evx_ or evxi_; no variable can be written (constants that hold addresses stand in
.data.rel.ro, which is closed after linking). Without --archive the sources are compiled here,
plainly, so that the answer does not depend on how a build was instrumented.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

ALLOWED = {'memcpy', 'memmove', 'memset', 'memcmp'}
ROOMS = ('base', 'kern', 'file', 'binxml', 'select', 'evt', 'text', 'vss')


def compile_all(root, folder):
    compiler = os.environ.get('CC') or 'cc'
    objects = []
    for room in ROOMS:
        for source in sorted(glob.glob(os.path.join(root, 'src', room, '*.c'))):
            target = os.path.join(folder, room + '_' + os.path.basename(source) + '.o')
            subprocess.run([compiler, '-std=c11', '-O2', '-fno-stack-protector',
                            '-U_FORTIFY_SOURCE', '-I', os.path.join(root, 'include'),
                            '-I', os.path.join(root, 'src'), '-c', source, '-o', target],
                           check=True)
            objects.append(target)
    return objects


def main(root, archive):
    for tool in ('ld', 'nm'):
        if not shutil.which(tool):
            print('symbols: no %s: skipped' % tool)
            return 77
    bad = []
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, 'whole.o')
        if archive:
            given = ['--whole-archive', archive]
        else:
            given = compile_all(root, folder)
        subprocess.run(['ld', '-r', '-o', whole] + given, check=True)
        listing = subprocess.run(['nm', '-f', 'sysv', whole], stdout=subprocess.PIPE, text=True,
                                 check=True)
    undefined, exported = [], 0
    for line in listing.stdout.splitlines():
        if line.count('|') != 6:
            continue
        name, _, kind, _, _, _, section = (field.strip() for field in line.split('|'))
        if kind in 'Uwv' and name != '_GLOBAL_OFFSET_TABLE_':
            undefined.append(name)
            if name not in ALLOWED:
                bad.append('needs %s' % name)
        elif kind in 'bBdDCsSgG' and not section.startswith('.data.rel.ro'):
            bad.append('can be written: %s in %s' % (name, section))
        elif kind.isupper() and kind not in 'UN':
            exported += 1
            if not name.startswith(('evx_', 'evxi_')):
                bad.append('exports %s' % name)
    for line in bad:
        print(line)
    print('symbols: %d exported, needs %s, %d wrong'
          % (exported, ' '.join(sorted(undefined)) or 'nothing', len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else None))
