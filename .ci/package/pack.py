#!/usr/bin/env python3
"""Packs what .ci/release made. Needs nothing but Python, so that it is the same on Linux, macOS and Windows.

    pack.py archive FOLDER              FOLDER.zip for Windows, else FOLDER.tar.gz
    pack.py sums FOLDER                 FOLDER/SHA256SUMS, of the files in it
    pack.py manifests FOLDER HOMEPAGE   FOLDER/manifests, for Homebrew, Scoop and winget
"""

import gzip
import hashlib
import os
import re
import sys
import tarfile
import time
import zipfile
from pathlib import Path

TEMPLATES = Path(__file__).parent / "manifests"
SUMS = "SHA256SUMS"


def epoch():
    """The time of everything that is packed: that of the commit."""
    return int(os.environ["SOURCE_DATE_EPOCH"])


def is_program(path):
    return path.name in ("cpikey", "cpikey.exe")


def archive(folder):
    """The same bytes from the same files on any machine: sorted, with one time, no owner and the usual permissions."""
    folder = Path(folder)
    files = sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.relative_to(folder).as_posix())
    names = [(f"{folder.name}/{path.relative_to(folder).as_posix()}", path) for path in files]
    if "-windows-" in folder.name:
        packed = folder.parent / f"{folder.name}.zip"
        with zipfile.ZipFile(packed, "w") as out:
            for name, path in names:
                # Zip supports no time before 1980, and only even seconds.
                entry = zipfile.ZipInfo(name, max(time.gmtime(epoch())[:6], (1980, 1, 1, 0, 0, 0)))
                entry.create_system = 3
                entry.external_attr = (0o100755 if is_program(path) else 0o100644) << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, path.read_bytes(), compresslevel=9)
    else:
        packed = folder.parent / f"{folder.name}.tar.gz"
        with open(packed, "wb") as file, gzip.GzipFile("", "wb", 9, file, epoch()) as zipped:
            with tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as out:
                for name, path in names:
                    entry = tarfile.TarInfo(name)
                    entry.size = path.stat().st_size
                    entry.mtime = epoch()
                    entry.mode = 0o755 if is_program(path) else 0o644
                    with open(path, "rb") as content:
                        out.addfile(entry, content)
    print(packed)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(folder):
    """As `sha256sum --check` reads them."""
    folder = Path(folder)
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    lines = [f"{digest(path)}  {path.name}\n" for path in files]
    (folder / SUMS).write_bytes("".join(lines).encode())


def manifests(folder, homepage):
    """Fills the templates with the sums of the archives. An archive that is missing is an error."""
    folder = Path(folder)
    cargo = (TEMPLATES.parents[2] / "Cargo.toml").read_text(encoding="utf-8")

    def stated(name):
        return re.search(rf'^{name} = "(.*)"', cargo, re.MULTILINE)[1]

    version = stated("version")
    at = f"{homepage}/releases/download/v{version}"

    def value(found):
        what, _, target = found[1].partition(" ")
        name = f"cpikey-{version}-{target}" + (".zip" if "-windows-" in target else ".tar.gz")
        match what:
            case "VERSION":
                return version
            case "DESCRIPTION":
                return stated("description")
            case "HOMEPAGE":
                return homepage
            case "URL":
                return f"{at}/{name}"
            case "SHA256":
                return digest(folder / name)
        raise ValueError(found[0])

    for template in sorted(path for path in TEMPLATES.rglob("*") if path.is_file()):
        filled = re.sub(r"@([A-Z0-9]+(?: [a-z0-9_-]+)?)@", value, template.read_text(encoding="utf-8"))
        out = folder / "manifests" / template.relative_to(TEMPLATES)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(filled.encode())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["archive", folder]:
            archive(folder)
        case ["sums", folder]:
            sums(folder)
        case ["manifests", folder, homepage]:
            try:
                manifests(folder, homepage)
            except FileNotFoundError as missing:
                sys.exit(f"manifests: {missing.filename} is missing. They name the archives of all targets: build these, or finish without the address.")
        case _:
            sys.exit(__doc__)
