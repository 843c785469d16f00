#!/usr/bin/env python3
"""Prints the licences of what the program contains: third_party.py TARGET.

The crates are those that cargo links for the target, with the files in which they state their licences, each text once. A crate
without such a file is an error, unless the words of its licence are the same for every work."""

import collections
import json
import re
import subprocess
import sys
from pathlib import Path

HEAD = """\
cpikey is licensed under either of Apache License 2.0 or MIT at your option: LICENSE-APACHE, LICENSE-MIT.

It contains the works below under the licences that follow them, and the standard library of Rust (The Rust Project
contributors, MIT OR Apache-2.0). Programs for Linux that are linked statically also contain musl (Rich Felker and others, MIT).
"""
LINE = "=" * 100
# Licences whose words name no author, so that those of another work are the same.
WITHOUT_NAMES = ("Apache-2.0", "BSL-1.0")
# Whose copyright it is, for repositories whose crates come without the words of their MIT licence.
OWNERS = {"https://github.com/madsmtm/objc2": "Copyright (c) Steven Sheldon, Mads Marquart and the other authors of objc2"}
STATES_A_LICENCE = re.compile(r"^(licen[cs]es?|copying|copyright|notice|unlicense)([-_. ].*)?$", re.IGNORECASE)


def metadata(target):
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--all-features", "--filter-platform", target]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def linked(data):
    """The packages that the program is made of, without what only its tests or the compiling of others need."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    root = data["resolve"]["root"]
    found, waiting = set(), [root]
    while waiting:
        for edge in nodes[waiting.pop()]["deps"]:
            if any(kind["kind"] is None for kind in edge["dep_kinds"]) and edge["pkg"] not in found:
                found.add(edge["pkg"])
                waiting.append(edge["pkg"])
    packages = [package for package in data["packages"] if package["id"] in found - {root}]
    return sorted(packages, key=lambda package: (package["name"], [int(part) for part in re.findall(r"\d+", package["version"])]))


def texts(package):
    """What the files of a crate state. A folder of that name holds one file for each licence."""
    folder = Path(package["manifest_path"]).parent
    files = [path for path in sorted(folder.iterdir()) if STATES_A_LICENCE.match(path.name)]
    files = [file for path in files for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    if package["license_file"]:
        files.append(folder / package["license_file"])
    read = [path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip() for path in dict.fromkeys(files)]
    return [text for text in read if text]


def words_of_others(package, packages, texts_of):
    """The words of one of a crate's licences, from a crate that has only that one: for a crate that comes without them."""
    for licence in re.split(r" OR |/", package["license"] or ""):
        if licence in WITHOUT_NAMES:
            for other in packages:
                if other["license"] == licence and texts_of[other["id"]]:
                    return texts_of[other["id"]]
    if package["license"] == "MIT" and package["repository"] in OWNERS:
        ours = Path("LICENSE-MIT").read_text(encoding="utf-8").strip()
        return [re.sub("^Copyright .*", OWNERS[package["repository"]], ours, count=1, flags=re.MULTILINE)]
    return []


def main(target):
    out = sys.stdout
    out.reconfigure(encoding="utf-8", newline="\n")
    packages = linked(metadata(target))
    by_text = collections.defaultdict(list)
    texts_of = {package["id"]: texts(package) for package in packages}
    for package in packages:
        stated = texts_of[package["id"]] or words_of_others(package, packages, texts_of)
        if not stated:
            sys.exit(f"third_party: {package['name']} comes without the text of its licence, {package['license']}")
        for text in stated:
            # The same words, however they are wrapped.
            by_text[" ".join(text.split())].append((package, text))

    print(HEAD)
    for package in packages:
        source = package["repository"] or package["homepage"]
        print(f"{package['name']} {package['version']}: {package['license']}" + (f", {source}" if source else ""))
    for group in by_text.values():
        names = dict.fromkeys(f"{package['name']} {package['version']}" for package, _ in group)
        print(f"\n{LINE}\n{', '.join(names)}\n{LINE}\n\n{group[0][1]}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
