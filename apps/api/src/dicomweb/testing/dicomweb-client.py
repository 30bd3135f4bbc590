"""Stores files of a folder by dicomweb-client and looks at the server with it: all is compared with what pydicom reads.

python dicomweb-client.py URL FOLDER; prints JSON: true by the name of each check, else what is wrong.
"""

import io
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pydicom
from dicomweb_client.api import DICOMwebClient
from PIL import Image

EXPLICIT = "1.2.840.10008.1.2.1"
LOSSLESS = {
    "image/jpeg": "1.2.840.10008.1.2.4.70",
    "image/jls": "1.2.840.10008.1.2.4.80",
    "image/jp2": "1.2.840.10008.1.2.4.90",
}

client = DICOMwebClient(sys.argv[1])
# what it sends as Host has no port by itself, and the server makes the URLs in its answers of that
client.host = urlsplit(sys.argv[1]).netloc
files = [pydicom.dcmread(path) for path in sorted(Path(sys.argv[2]).glob("*.dcm"))]
checks = {}


def check(name):
    """Notes a check, which answers what is not as it should be."""

    def keep(function):
        checks[name] = function
        return function

    return keep


def uids(file):
    return file.StudyInstanceUID, file.SeriesInstanceUID, file.SOPInstanceUID


def same(found, file):
    """What differs between a file that was retrieved and the one it should be."""
    if uids(found) != uids(file):
        return f"other UIDs: {uids(found)}"
    if not np.array_equal(found.pixel_array, file.pixel_array):
        return f"other pixels in {found.file_meta.TransferSyntaxUID}"
    return None


def frames_of(file):
    pixels = file.pixel_array
    pixels = pixels.astype(pixels.dtype.newbyteorder("<"))
    return pixels if int(file.get("NumberOfFrames", 1)) > 1 else pixels[np.newaxis]


@check("store")
def store():
    answer = client.store_instances(files)
    stored = {item.ReferencedSOPInstanceUID for item in answer.get("ReferencedSOPSequence", [])}
    yield None if stored == {file.SOPInstanceUID for file in files} else "others were stored"
    yield f"failures: {answer.FailedSOPSequence}" if "FailedSOPSequence" in answer else None


@check("retrieve instances")
def instances():
    for file in files:
        yield same(client.retrieve_instance(*uids(file)), file)


@check("retrieve instances as they are stored")
def stored():
    for file in files:
        found = client.retrieve_instance(*uids(file), media_types=(("application/dicom", "*"),))
        yield same(found, file)
        yield None if found == file else "other elements"


@check("retrieve instances in another transfer syntax")
def transcoded():
    for file in files:
        for syntax in (EXPLICIT, *LOSSLESS.values()):
            found = client.retrieve_instance(*uids(file), media_types=(("application/dicom", syntax),))
            if found.file_meta.TransferSyntaxUID != syntax:
                yield f"in {found.file_meta.TransferSyntaxUID}, not {syntax}"
            yield same(found, file)


@check("retrieve series and studies")
def above():
    by_uid = {file.SOPInstanceUID: file for file in files}
    for study, series in {uids(file)[:2] for file in files}:
        expected = {uid for uid, file in by_uid.items() if uids(file)[:2] == (study, series)}
        found = client.retrieve_series(study, series)
        yield None if {each.SOPInstanceUID for each in found} == expected else "other instances of a series"
        yield from (same(each, by_uid[each.SOPInstanceUID]) for each in found)
    for study in {file.StudyInstanceUID for file in files}:
        expected = {uid for uid, file in by_uid.items() if file.StudyInstanceUID == study}
        found = {each.SOPInstanceUID for each in client.iter_study(study)}
        yield None if found == expected else "other instances of a study"


@check("retrieve frames")
def frames():
    for file in files:
        expected = frames_of(file)
        numbers = list(range(len(expected), 0, -1))
        for media_types in (None, ("application/octet-stream",), (("application/octet-stream", EXPLICIT),)):
            found = client.retrieve_instance_frames(*uids(file), numbers, media_types=media_types)
            for number, frame in zip(numbers, found, strict=True):
                if bytes(frame) != expected[number - 1].tobytes():
                    yield f"other bytes of frame {number} of {file.file_meta.TransferSyntaxUID} for {media_types}"


@check("retrieve compressed frames")
def compressed():
    for file in files:
        for media_type, syntax in LOSSLESS.items():
            for media_types in ((media_type,), ((media_type, syntax),)):
                frame = client.retrieve_instance_frames(*uids(file), [1], media_types=media_types)[0]
                yield decoded(file, frame, syntax)


def decoded(file, frame, syntax):
    """What differs once a frame that was compressed is read by pydicom."""
    copy = pydicom.Dataset()
    for keyword in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "BitsStored", "HighBit"):
        setattr(copy, keyword, file[keyword].value)
    copy.PixelRepresentation = file.PixelRepresentation
    is_jpeg_2000 = syntax.endswith(".90") and file.SamplesPerPixel == 3
    copy.PhotometricInterpretation = "YBR_RCT" if is_jpeg_2000 else file.PhotometricInterpretation
    if file.SamplesPerPixel == 3:
        copy.PlanarConfiguration = 0
    copy.file_meta = pydicom.dataset.FileMetaDataset()
    copy.file_meta.TransferSyntaxUID = syntax
    copy.PixelData = pydicom.encaps.encapsulate([bytes(frame)])
    copy["PixelData"].VR = "OB"
    return None if np.array_equal(copy.pixel_array, frames_of(file)[0]) else f"other pixels in {syntax}"


@check("search")
def search():
    for study in {file.StudyInstanceUID for file in files}:
        expected = {file.SOPInstanceUID for file in files if file.StudyInstanceUID == study}
        found = client.search_for_instances(study)
        yield None if {each["00080018"]["Value"][0] for each in found} == expected else "other instances"
        [found] = client.search_for_studies(search_filters={"StudyInstanceUID": study})
        yield None if found["00201208"]["Value"][0] == len(expected) else "another number of instances"
        series = {file.SeriesInstanceUID for file in files if file.StudyInstanceUID == study}
        found = client.search_for_series(study, fields=["00080060"])
        yield None if {each["0020000E"]["Value"][0] for each in found} == series else "other series"


@check("retrieve metadata")
def metadata():
    for file in files:
        found = read(client.retrieve_instance_metadata(*uids(file)))
        for element in file:
            if element.tag.group != 0x7FE0 and found.get(element.tag) != element:
                yield f"another {element.keyword}"
    for study, series in {uids(file)[:2] for file in files}:
        expected = {file.SOPInstanceUID for file in files if uids(file)[:2] == (study, series)}
        found = {read(each).SOPInstanceUID for each in client.retrieve_series_metadata(study, series)}
        yield None if found == expected else "other instances of a series"
        yield None if len(client.retrieve_study_metadata(study)) == len(files) else "other instances of a study"


def read(metadata):
    return pydicom.Dataset.from_json(metadata, bulk_data_uri_handler=lambda *_: b"")


@check("retrieve bulk data")
def bulk_data():
    for file in files:
        url = client.retrieve_instance_metadata(*uids(file))["7FE00010"]["BulkDataURI"]
        found = client.retrieve_bulkdata(url)
        if file.file_meta.TransferSyntaxUID.is_compressed:
            yield None if len(found) > 0 and all(found) else "nothing compressed"
        else:
            yield None if found[0] == frames_of(file).tobytes() else "other bytes"


@check("retrieve rendered")
def rendered():
    for file in files:
        for media_type, form in (("image/png", "PNG"), ("image/jpeg", "JPEG")):
            for found in (
                client.retrieve_instance_rendered(*uids(file), media_types=(media_type,)),
                client.retrieve_instance_frames_rendered(*uids(file), [1], media_types=(media_type,)),
            ):
                image = Image.open(io.BytesIO(found))
                if (image.format, image.size) != (form, (file.Columns, file.Rows)):
                    yield f"{image.format} of {image.size}"
        if file.SamplesPerPixel == 1:
            window = {"window": "2048,4096,linear"}
            found = client.retrieve_instance_rendered(*uids(file), media_types=("image/png",), params=window)
            expected = np.clip((frames_of(file)[0] - 2047.5) / 4095 + 0.5, 0, 1) * 255
            if np.abs(np.asarray(Image.open(io.BytesIO(found)).convert("L")) - expected).max() > 1:
                yield "another window"


def outcome(function):
    try:
        wrong = [each for each in function() if each is not None]
        return wrong or True
    except Exception as error:  # whatever the client makes of an answer
        return f"{type(error).__name__}: {error}"


json.dump({name: outcome(function) for name, function in checks.items()}, sys.stdout)
