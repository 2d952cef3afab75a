#!/usr/bin/env python3
# tests/compare/strangers.py - two readers that share nothing with evx agree with it on every log
"""Read logs with evx, evtx_dump and Debian's evtxexport; compare record counts and values.

usage: strangers.py --evx build/evx [--evtx-dump FILE] [--evtxexport FILE] [-v] FOLDER...

Values are compared as sorted lists of (path, text) for each record, after the differences of taste
are taken out: digits of a fraction of a second, hexadecimal and decimal, braces and case of GUIDs,
how empty elements are printed. A stranger that is not installed is left out; without any of them
the status is 77. Strangers have faults of their own, and those are taken out as well: neither reads
a last chunk that was cut, evtxexport reads no record without a template, gets negative numbers
wrong, both print characters that XML forbids and have their own way with halves of surrogate pairs.
"""
import argparse
import os
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET

EVENT = re.compile(r'<Event[ >\n].*?</Event>|<Event ?/>', re.S)
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z?')
GUID = re.compile(r'\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?')
HEX = re.compile(r'0x[0-9a-fA-F]+')
REAL = re.compile(r'-?\d+\.\d+(e[+-]?\d+)?')


def normal(text):
    text = text or ''
    if TIME.fullmatch(text):
        return text.rstrip('Z').ljust(26, '0')[:26]
    if GUID.fullmatch(text):
        return text.strip('{}').upper()
    if HEX.fullmatch(text):
        return str(int(text, 16))
    if REAL.fullmatch(text):
        return repr(float(text))
    return '' if text.isspace() else text


def flat(element, above=''):
    here = above + '/' + element.tag.split('}')[-1]
    found = [(here + '@' + name.split('}')[-1], normal(text))
             for name, text in element.attrib.items()]
    found.append((here, normal(element.text)))
    for child in element:
        found += flat(child, here)
    return [pair for pair in found if pair[1]]


def read(command, path):
    """A list of values for each record, or None where the program did not end by itself."""
    try:
        done = subprocess.run(command + [path], stdin=subprocess.DEVNULL, timeout=120, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode < 0:
        return None
    out = []
    for text in EVENT.findall(done.stdout.decode('utf-8', 'replace')):
        try:
            out.append(sorted(flat(ET.fromstring(text))))
        except ET.ParseError:
            out.append([('not well-formed', text[:80])])
    return out


def looks_sound(path):
    """(every chunk's records are back to back, all have templates)"""
    with open(path, 'rb') as file:
        data = file.read()
    sound, templates = data[:8] == b'ElfFile\0' and len(data) % 65536 == 4096, True
    for at in range(4096, len(data), 65536):
        chunk = data[at:at + 65536]
        if not chunk.strip(b'\0'):
            continue
        if chunk[:8] != b'ElfChnk\0' or len(chunk) < 512:
            return False, templates
        end, here = struct.unpack_from('<I', chunk, 48)[0], 512
        while sound and here + 28 <= min(end, len(chunk)):
            size = struct.unpack_from('<I', chunk, here + 4)[0]
            sound = (chunk[here:here + 4] == b'**\0\0' and 28 <= size <= len(chunk) - here
                     and chunk[here + size - 4:here + size] == chunk[here + 4:here + 8])
            templates = templates and chunk[here + 28:here + 29] == b'\x0c'
            here += size
        sound = sound and here == end
    return sound, templates


def same(ours, theirs):
    """Equal but for the faults that are known."""
    if ours == theirs or theirs[:1] and theirs[0][0] == 'not well-formed':
        return True
    if len(ours) != len(theirs):
        return False
    left = [pair for pair in ours if pair not in theirs]
    right = [pair for pair in theirs if pair not in ours]
    return len(left) == len(right) and all(
        a[0] == b[0] and (a[1].startswith('-') or max(a[1]) > '\uffef')
        for a, b in zip(left, right))


def compare(path, evx, strangers, verbose):
    """0 equal, 1 not."""
    sound, templates = looks_sound(path)
    ours = read([evx, 'dump', '-o', 'xml'], path)
    said, wrong = [], 0
    for name, command in strangers:
        if name == 'evtxexport' and not (sound and templates):
            said.append('%s not asked' % name)
            continue
        theirs = read(command, path)
        if theirs is None:
            said.append('%s did not end' % name)
            continue
        different = [(a, b) for a, b in zip(ours, theirs) if not same(a, b)]
        short = len(theirs) > len(ours) or (sound and len(theirs) < len(ours))
        said.append('%s %d records, %d different' % (name, len(theirs), len(different)))
        if short or (sound and different):
            wrong = 1
            for a, b in different[:1 if not verbose else 5]:
                print('    ours   %s\n    theirs %s' % ([p for p in a if p not in b][:4],
                                                        [p for p in b if p not in a][:4]))
    if wrong or verbose:
        print('%s %s: %d records%s; %s' % ('DIFFERENT' if wrong else 'equal', path, len(ours),
                                           '' if sound else ' (damaged)', '; '.join(said)))
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--evx', required=True)
    parser.add_argument('--evtx-dump', default='evtx_dump')
    parser.add_argument('--evtxexport', default='evtxexport')
    parser.add_argument('-v', '--verbose', action='store_true')
    parser.add_argument('folders', nargs='+')
    options = parser.parse_args()
    strangers = []
    for name, program, flags in (('evtx_dump', options.evtx_dump, ['-t', '1', '-o', 'xml']),
                                 ('evtxexport', options.evtxexport, ['-f', 'xml'])):
        if shutil.which(program):
            strangers.append((name, [program] + flags))
        else:
            print('skipped: no %s' % name)
    if not strangers:
        return 77
    seen = wrong = 0
    for top in options.folders:
        for folder, below, names in os.walk(top):
            below.sort()
            for name in sorted(names):
                if name.endswith('.evtx'):
                    seen += 1
                    wrong += compare(os.path.join(folder, name), options.evx, strangers,
                                     options.verbose)
    print('strangers: %d files, %d different' % (seen, wrong))
    return 1 if wrong or not seen else 0


if __name__ == '__main__':
    sys.exit(main())
