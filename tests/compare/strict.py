#!/usr/bin/env python3
# tests/compare/strict.py - strict parsers read every record that evx writes, in every mode
"""usage: strict.py --evx build/evx FOLDER...     (folders that are absent are left out, and said)

expat reads every XML record, and the document of --root; a JSON parser that knows neither NaN nor
keys written twice reads every line. Everything is UTF-8 without surrogates.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import xml.parsers.expat

XML = (['-o', 'xml'], ['-o', 'xml', '--no-indent'])
WINDOWS = ['-o', 'xml', '--style', 'windows']
JSON = (['-o', 'jsonl'], ['-o', 'jsonl', '--separate-json-attributes'],
        ['-o', 'jsonl', '--style', 'windows'])
RECORD = re.compile(r'^Record \d+\n(?=<\?xml )', re.M)


def no_key_twice(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError('a key is written twice')
    return found


def no_constant(word):
    raise ValueError(word + ' is no JSON')


def check_json(text):
    lines = text.split('\n')
    assert lines.pop() == ''
    for line in lines:
        json.loads(line, object_pairs_hook=no_key_twice, parse_constant=no_constant)
    return len(lines)


def check_xml(text):
    parts = RECORD.split(text)
    assert parts[0] == ''
    for part in parts[1:]:
        xml.parsers.expat.ParserCreate().Parse(part, True)
    return len(parts) - 1


def check_lines(text):
    lines = text.split('\n')
    assert lines.pop() == ''
    for line in lines:
        xml.parsers.expat.ParserCreate().Parse(line, True)
    return len(lines)


def check_root(text):
    seen = []
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: seen.append(name)
    parser.Parse(text, True)
    assert seen[0] == 'Events'
    return 0


def check(options, path, flags, reader):
    """Records, or a line that says what is wrong."""
    done = subprocess.run([options.evx, 'dump'] + flags + [path], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 1, 3):
        return 'status %d' % done.returncode
    try:
        return reader(done.stdout.decode('utf-8', 'strict'))
    except (ValueError, AssertionError, xml.parsers.expat.ExpatError) as wrong:
        return repr(wrong)


def files_of(folders):
    for top in folders:
        if not os.path.isdir(top):
            print('left out: %s is not there' % top)
        for folder, below, names in os.walk(top):
            below.sort()
            for name in sorted(names):
                yield os.path.join(folder, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--evx', required=True)
    parser.add_argument('folders', nargs='+')
    options = parser.parse_args()
    runs = [(flags, check_xml) for flags in XML] + [(flags, check_json) for flags in JSON]
    runs += [(['-o', 'xml', '--root'], check_root), (WINDOWS + ['--root'], check_root)]
    files = records = bad = 0
    for path in files_of(options.folders):
        files += 1
        for flags, reader in runs:
            found = check(options, path, flags, reader)
            if isinstance(found, int):
                records += found
                continue
            bad += 1
            print('%s %s: %s' % (path, ' '.join(flags), found))
    print('strict: %d files, %d records read, %d outputs wrong' % (files, records, bad))
    return 1 if bad or not records else 0


if __name__ == '__main__':
    sys.exit(main())
