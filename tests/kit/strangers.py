#!/usr/bin/env python3
"""strangers.py: two other programs read what the log writer made; all must agree.

    strangers.py DIR...          every *.evtx below; exit 0 equal, 1 not, 77 a program is missing

evtx_dump (cargo install evtx) and evtxexport (Debian: libevtx-utils) are found in PATH, or named
by EVTX_DUMP and EVTXEXPORT. Values are compared as text, after the differences that are known:
time digits, hex or decimal, GUID braces, what each prints for an absent value. evtxexport cannot
read template-less records (real ones neither), so those files have one witness only. Damaged
files have fewer records than their header says, and none of them may have more.
"""
import os
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET


def records_of(path):
    """Record count by the chunk headers, and whether the first body has no template."""
    data = open(path, "rb").read()
    count, plain = 0, False
    for at in range(4096, len(data) - 511, 65536):
        if data[at:at + 7] != b"ElfChnk":
            continue
        first, last = struct.unpack_from("<QQ", data, at + 8)
        if last >= first and first != 2 ** 64 - 1:
            count += last - first + 1
            plain |= data[at + 540] != 0x0C
    return count, plain


def normal(text):
    text = text or ""
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", text):
        return text[:-1].ljust(26, "0")[:26]
    if re.fullmatch(r"0x[0-9a-fA-F]+", text):
        return str(int(text, 16))
    if re.fullmatch(r"\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?", text):
        return text.strip("{}").upper()
    if re.fullmatch(r"-?\d+\.\d+(e[+-]\d+)?", text):
        return str(float(text))
    return "" if text.isspace() else text


def flat(element, path=""):
    """(path, value) of everything that is not empty."""
    here = path + "/" + element.tag.split("}")[-1]
    out = [(here + "@" + k, normal(v)) for k, v in element.attrib.items()]
    out.append((here, normal(element.text)))
    for child in element:
        out += flat(child, here)
    return [pair for pair in out if pair[1]]


def events(command, path):
    run = subprocess.run(command + [path], capture_output=True)
    text = run.stdout.decode("utf-8", "replace")
    bodies = re.findall(r"<Event[ >].*?</Event>|<Event/>", text, re.S)
    return sorted(str(flat(ET.fromstring(b))) for b in bodies)


def compare(path, dump, export):
    count, plain = records_of(path)
    a = events(dump, path)
    b = a if plain else events(export, path)
    lost = "" if len(a) == count else " (header says %d)" % count
    if a != b or len(a) > count:
        print("DIFFERENT %s: evtx_dump %d, evtxexport %d%s" % (path, len(a), len(b), lost))
        for x, y in zip(a, b):
            if x != y:
                print("  " + x + "\n  " + y)
                break
        return 1
    print("equal     %s: %d%s%s" % (path, len(a), lost, ", one witness" if plain else ""))
    return 0


def main():
    dump = os.environ.get("EVTX_DUMP") or shutil.which("evtx_dump")
    export = os.environ.get("EVTXEXPORT") or shutil.which("evtxexport")
    if not dump or not export:
        print("strangers: evtx_dump or evtxexport is not installed: skipped")
        return 77
    bad = 0
    for root in sys.argv[1:]:
        for folder, _, names in sorted(os.walk(root)):
            for name in sorted(names):
                if name.endswith(".evtx"):
                    bad += compare(os.path.join(folder, name), [dump, "-t1", "-o", "xml"],
                                   [export, "-f", "xml"])
    return 1 if bad else 0


sys.exit(main())
