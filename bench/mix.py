#!/usr/bin/env python3
# bench/mix.py - one long log, or many short ones, out of the sound chunks of real logs
"""usage: mix.py [--mib N] [--word WORD] OUT FOLDER...
       mix.py --files N OUT_FOLDER FOLDER...

Chunks are taken round robin from all logs below the folders whose file name holds the word, in the
order of the paths, and again from the first one until the size is reached. Only chunks count whose
checksums fit and which are at least half full, so that every reader reads all of them. No byte of
a chunk is changed; the file header is made new. The same folders give the same bytes.
"""
import argparse
import itertools
import os
import struct
import sys
import zlib

CHUNK, HEADER = 65536, 4096
CHUNKS_A_MIB = 16


def is_sound(chunk, least):
    free, data_crc = struct.unpack_from('<II', chunk, 48)
    if chunk[:8] != b'ElfChnk\0' or not least <= free <= CHUNK:
        return False
    head = zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120]))
    return (head == struct.unpack_from('<I', chunk, 124)[0]
            and zlib.crc32(chunk[512:free]) == data_crc)


def logs(folders, word=''):
    for folder in folders:
        for top, below, names in os.walk(folder):
            below.sort()
            for name in sorted(names):
                if name.lower().endswith('.evtx') and word.lower() in name.lower():
                    yield os.path.join(top, name)


def chunks(folders, word='', least=CHUNK // 2):
    """All different sound chunks."""
    found = {}
    for path in logs(folders, word):
        with open(path, 'rb') as file:
            file.seek(HEADER)
            while len(chunk := file.read(CHUNK)) == CHUNK:
                if is_sound(chunk, least):
                    found[chunk] = None
    return list(found)


def header(count, next_record):
    head = bytearray(HEADER)
    struct.pack_into('<8sQQQIHHHH', head, 0, b'ElfFile\0', 0, count - 1, next_record, 128, 1, 3,
                     HEADER, count & 0xffff)
    struct.pack_into('<I', head, 124, zlib.crc32(head[:120]))
    return head


def write(path, pool, count):
    """A log of so many chunks of the pool, over and over."""
    last = max(struct.unpack_from('<Q', chunk, 32)[0] for chunk in pool[:count])
    with open(path, 'wb') as file:
        file.write(header(count, last + 1))
        for chunk in itertools.islice(itertools.cycle(pool), count):
            file.write(chunk)


def write_many(folder, pool, count):
    """So many logs of a chunk each: 68 KiB."""
    os.makedirs(folder, exist_ok=True)
    for i in range(count):
        write(os.path.join(folder, '%05d.evtx' % i), [pool[i % len(pool)]], 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--mib', type=int, default=64)
    parser.add_argument('--word', default='')
    parser.add_argument('--files', type=int, default=0)
    parser.add_argument('out')
    parser.add_argument('folders', nargs='+')
    options = parser.parse_args()
    pool = chunks(options.folders, options.word)
    if not pool:
        sys.exit('mix.py: no sound chunk below ' + ' '.join(options.folders))
    if options.files:
        write_many(options.out, pool, options.files)
    else:
        write(options.out, pool, options.mib * CHUNKS_A_MIB)
    print('%s: of %d different chunks' % (options.out, len(pool)))


if __name__ == '__main__':
    main()
