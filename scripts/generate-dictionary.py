"""Writes libs/dicom/src/dictionary/{public,private,uids}.json from pydicom's and DCMTK's dictionaries (see NOTICE).

    python3 scripts/generate-dictionary.py [/usr/share/libdcmtk17/private.dic]

Needs pydicom 3 and, for the private dictionary, DCMTK's private.dic. A public line reads
"tag VR VM keyword[ R]" (R: retired, an x in a tag: any hexadecimal digit), a private one "group element VR VM name", with ~ before a name that
DCMTK does not know; the names of SOP classes and transfer syntaxes stand by their UIDs.
"""
import json
import pathlib
import re
import sys

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._private_dict import private_dictionaries
from pydicom._uid_dict import UID_dictionary

TARGET = pathlib.Path(__file__).parent.parent / "libs/dicom/src/dictionary"


def vr_of(vr):
    """Alternatives are written as "US/SS"; the first one holds when nothing decides."""
    return vr.replace(" or ", "/").replace("OB_OW", "OB/OW")


def public_lines():
    entries = [(f"{tag:08x}", e) for tag, e in DicomDictionary.items()]
    entries += [(pattern.lower(), e) for pattern, e in RepeatersDictionary.items()]
    for tag, (vr, vm, _name, retired, keyword) in sorted(entries):
        if keyword and vr != "NONE":
            yield f"{tag} {vr_of(vr)} {vm} {keyword}{' R' if retired else ''}"


def dcmtk_entries(path):
    line_form = re.compile(r'\(([\w-]+),"([^"]*)",(\w+)\)\t(\w+)\t([^\t]+)\t(\S+)')
    ambiguous = {"ox": "OB/OW", "px": "OB/OW", "xs": "US/SS"}
    for line in open(path, encoding="latin-1"):
        match = line_form.match(line)
        if match:
            group, creator, element, vr, name, vm = match.groups()
            yield creator, group.lower(), element.lower(), ambiguous.get(vr, vr), vm, name.replace(" ", "")


def pydicom_entries():
    for creator, entries in private_dictionaries.items():
        for key, (vr, vm, name, _retired) in entries.items():
            match = re.fullmatch(r"([0-9a-f]{4})(?:xx([0-9a-f]{2})|([0-9a-f]{4}))", key.lower())
            if match:
                words = re.findall(r"[A-Za-z0-9]+", name)
                keyword = "".join(w[0].upper() + w[1:] for w in words) or "Unknown"
                yield creator, match[1], match[2] or match[3], vr_of(vr), vm, f"~{keyword}"


def private_lines():
    """DCMTK's entries win: its names are the ones that clients of Orthanc know."""
    merged = {}
    sources = [list(dcmtk_entries(path)) for path in sys.argv[1:2]] + [list(pydicom_entries())]
    for creator, group, element, vr, vm, name in (entry for source in sources for entry in source):
        merged.setdefault(creator, {}).setdefault((group, element), f"{group} {element} {vr} {vm} {name}")
    return {creator: sorted(entries.values()) for creator, entries in sorted(merged.items())}


def uid_names():
    for uid, (_name, kind, _info, _retired, keyword) in sorted(UID_dictionary.items()):
        if keyword and kind in ("SOP Class", "Transfer Syntax"):
            yield uid, keyword


def write(name, data):
    (TARGET / name).write_text(json.dumps(data, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


write("public.json", list(public_lines()))
write("private.json", private_lines())
write("uids.json", dict(uid_names()))
