#!/usr/bin/env python3
"""What .ci/release packs: archives that are identical on any machine, and manifests that package managers accept."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
TOP = HERE.parents[1]
HOMEPAGE = "https://example.com/somebody/cpikey"
TARGETS = [
    "aarch64-apple-darwin",
    "aarch64-pc-windows-msvc",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-linux-musl",
]
REQUIRED = os.environ.get("CPIKEY_REQUIRE_ALL")
# Installed by .ci/readers.
sys.path.append(str(TOP / "target/readers/python"))


def pack(*words):
    return subprocess.run(
        [sys.executable, HERE / "pack.py", *words],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1795000001"},
        capture_output=True,
        text=True,
        check=False,
    )


def stated(name):
    return re.search(rf'^{name} = "(.*)"', (TOP / "Cargo.toml").read_text(encoding="utf-8"), re.MULTILINE)[1]


VERSION = stated("version")


def laid_out(folder, target):
    """A folder as .ci/release lays it out, with an invented program."""
    stage = folder / f"cpikey-{VERSION}-{target}"
    for name in ["README.md", "docs/b.md", "docs/a.md", "man/cpikey.1", "cpikey.exe" if "windows" in target else "cpikey"]:
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} for {target}\n", encoding="utf-8")
    return stage


class Archives(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def packed(self, target, place):
        """The archive, made in a place of its own."""
        stage = laid_out(self.folder / place, target)
        made = pack("archive", stage)
        self.assertEqual(made.returncode, 0, made.stderr)
        return Path(made.stdout.strip())

    def test_the_same_files_make_the_same_archive(self):
        for target in ["x86_64-unknown-linux-musl", "x86_64-pc-windows-msvc"]:
            first = self.packed(target, "one")
            second = self.packed(target, "other")
            for path in second.parent.rglob("*"):
                os.utime(path, (1, 1))
                path.chmod(0o700)
            self.assertEqual(pack("archive", second.parent / f"cpikey-{VERSION}-{target}").returncode, 0)
            self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_an_archive_is_sorted_and_nobodys(self):
        with tarfile.open(self.packed("aarch64-apple-darwin", "one")) as archive:
            entries = archive.getmembers()
        names = [entry.name.removeprefix(f"cpikey-{VERSION}-aarch64-apple-darwin/") for entry in entries]
        self.assertEqual(names, ["README.md", "cpikey", "docs/a.md", "docs/b.md", "man/cpikey.1"])
        for entry in entries:
            self.assertEqual((entry.uid, entry.gid, entry.uname, entry.mtime), (0, 0, "", 1795000001))
            self.assertEqual(entry.mode, 0o755 if entry.name.endswith("/cpikey") else 0o644)

    def test_an_archive_for_windows_is_a_zip_file(self):
        with zipfile.ZipFile(self.packed("x86_64-pc-windows-msvc", "one")) as archive:
            self.assertIsNone(archive.testzip())
            self.assertIn(f"cpikey-{VERSION}-x86_64-pc-windows-msvc/cpikey.exe", archive.namelist())


class Licences(unittest.TestCase):
    def test_everything_in_the_program_for_a_target_has_the_text_of_its_licence(self):
        for target in TARGETS:
            printed = subprocess.run([sys.executable, HERE / "third_party.py", target], cwd=TOP, capture_output=True, text=True, encoding="utf-8", check=False)
            self.assertEqual(printed.returncode, 0, f"{target}: {printed.stderr}")
            self.assertIn("ratatui-core", printed.stdout)


class Manifests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for target in TARGETS:
            pack("archive", laid_out(cls.folder, target))
        made = pack("manifests", cls.folder, HOMEPAGE)
        assert made.returncode == 0, made.stderr
        cls.homebrew = (cls.folder / "manifests/cpikey.rb").read_text(encoding="utf-8")
        cls.scoop = json.loads((cls.folder / "manifests/cpikey.json").read_text(encoding="utf-8"))

    def archive(self, target):
        """Where the archive of a target will be, and its sum."""
        name = f"cpikey-{VERSION}-{target}" + (".zip" if "windows" in target else ".tar.gz")
        sum_of_it = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()
        return f"{HOMEPAGE}/releases/download/v{VERSION}/{name}", sum_of_it

    def test_nothing_is_left_to_fill_in(self):
        for path in (self.folder / "manifests").rglob("*.*"):
            self.assertNotRegex(path.read_text(encoding="utf-8"), "@[A-Z]")

    def test_an_archive_that_is_missing_is_an_error(self):
        with tempfile.TemporaryDirectory() as empty:
            done = pack("manifests", empty, HOMEPAGE)
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stderr, rf"^manifests: .*cpikey-{VERSION}-")

    def test_the_sums_are_those_of_the_files(self):
        self.assertEqual(pack("sums", self.folder).returncode, 0)
        lines = dict(line.split("  ")[::-1] for line in (self.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
        for target in TARGETS:
            url, sum_of_it = self.archive(target)
            self.assertEqual(lines[url.rsplit("/", 1)[1]], sum_of_it)
        self.assertEqual(len(lines), len(TARGETS))

    def test_homebrew_gets_each_archive_for_unix_with_its_sum(self):
        pairs = re.findall(r'url "(.*)"\n\s*sha256 "(.*)"', self.homebrew)
        self.assertCountEqual(pairs, [self.archive(target) for target in TARGETS if "windows" not in target])
        description = re.search(r'desc "(.*)"', self.homebrew)[1]
        # Required by `brew audit`.
        self.assertLessEqual(len(f"cpikey: {description}"), 90)
        self.assertNotRegex(description, r"^(A|An|The|cpikey)\b|\.$")

    @unittest.skipUnless(REQUIRED or shutil.which("ruby"), "ruby is not installed")
    def test_the_formula_is_ruby(self):
        checked = subprocess.run(["ruby", "-c", self.folder / "manifests/cpikey.rb"], capture_output=True, text=True, check=False)
        self.assertEqual(checked.stdout.strip(), "Syntax OK", checked.stderr)

    def test_scoop_gets_both_programs_for_windows(self):
        for name, target in [("64bit", "x86_64-pc-windows-msvc"), ("arm64", "aarch64-pc-windows-msvc")]:
            of_it = self.scoop["architecture"][name]
            self.assertEqual((of_it["url"], of_it["hash"]), self.archive(target))
            self.assertEqual(of_it["extract_dir"], f"cpikey-{VERSION}-{target}")
            # The next version is found by the same rule.
            later = self.scoop["autoupdate"]["architecture"][name]
            self.assertEqual(later["url"].replace("$version", VERSION), of_it["url"])
            self.assertEqual(later["extract_dir"].replace("$version", VERSION), of_it["extract_dir"])
        for required in ["version", "description", "homepage", "license", "bin"]:
            self.assertIsInstance(self.scoop[required], str)

    def test_winget_gets_both_programs_for_windows(self):
        try:
            import yaml
        except ImportError:
            self.assertFalse(REQUIRED, "PyYAML is not installed")
            self.skipTest("PyYAML is not installed")
        read = {}
        for path in (self.folder / "manifests/winget").iterdir():
            manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
            self.assertEqual(manifest["PackageIdentifier"], "cpikey.cpikey")
            self.assertEqual(manifest["PackageVersion"], VERSION)
            self.assertTrue(path.name.startswith(manifest["PackageIdentifier"]))
            read[manifest["ManifestType"]] = manifest
        self.assertEqual(set(read), {"version", "defaultLocale", "installer"})
        self.assertEqual(len({manifest["ManifestVersion"] for manifest in read.values()}), 1)
        self.assertEqual(read["version"]["DefaultLocale"], read["defaultLocale"]["PackageLocale"])
        for required in ["Publisher", "PackageName", "License", "ShortDescription"]:
            self.assertTrue(read["defaultLocale"][required])
        for installer, target in zip(read["installer"]["Installers"], ["x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"], strict=True):
            self.assertEqual((installer["InstallerUrl"], installer["InstallerSha256"]), self.archive(target))
            archive = self.folder / f"cpikey-{VERSION}-{target}.zip"
            with zipfile.ZipFile(archive) as inside:
                nested = [file["RelativeFilePath"].replace("\\", "/") for file in installer["NestedInstallerFiles"]]
                self.assertLess(set(nested), set(inside.namelist()))


if __name__ == "__main__":
    unittest.main()
