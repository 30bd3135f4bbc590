"""Prints what pydicom reads of each file named on standard input, one JSON line a file: an independent opinion."""
import hashlib
import json
import sys
import warnings

import pydicom
from pydicom import config
from pydicom.multival import MultiValue

warnings.simplefilter("ignore")
config.settings.reading_validation_mode = config.IGNORE
TEXT = {"AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT", "DS", "IS"}
NUMBERS = {"US", "SS", "UL", "SL", "FL", "FD", "UV", "SV", "AT"}


def values(value):
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple, MultiValue)) else [value]


def number(value):
    return repr(float(value)) if isinstance(value, float) else str(int(value))


def text(vr, value):
    if value is None:
        return ""
    return str(getattr(value, "original_string", value)) if vr in ("DS", "IS") else str(value)


def element(e):
    if e.VR == "SQ":
        return [int(e.tag), "SQ", [dataset(item) for item in e.value]]
    if e.VR in TEXT:
        return [int(e.tag), e.VR, [text(e.VR, v) for v in values(e.value)]]
    if e.VR in NUMBERS:
        return [int(e.tag), e.VR, [number(v) for v in values(e.value)]]
    data = e.value if isinstance(e.value, bytes) else b""
    return [int(e.tag), e.VR, hashlib.sha1(data).hexdigest()]


def dataset(ds):
    return [element(ds[tag]) for tag in sorted(ds.keys())]


for line in sys.stdin:
    try:
        ds = pydicom.dcmread(line.strip(), force=True)
        print(json.dumps({"meta": dataset(ds.file_meta), "dataset": dataset(ds)}))
    except Exception as error:  # no opinion on this file
        print(json.dumps({"error": repr(error)}))
