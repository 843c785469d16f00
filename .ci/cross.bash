# Sourced by .ci/platforms and .ci/release: compilers for other systems, on a Debian machine.
#
# The compiler with the source of the standard library is unpacked from Debian packages into target/platforms without being
# installed; linkers and Wine are installed if missing.
folder=${CPIKEY_PLATFORMS:-$PWD/target/platforms}
mkdir -p "$folder"

# Explains why the rest of the script cannot run.
skip() {
  echo "${0##*/}: $1"
  if [ -n "${CPIKEY_REQUIRE_ALL:-}" ]; then exit 1; else exit 0; fi
}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Installs packages for missing programs or files: install PROGRAM:PACKAGE...
install() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || [ -e "${pair%%:*}" ] || missing+=("${pair##*:}")
  done
  ((${#missing[@]})) || return 0
  { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >"$folder/install.log" 2>&1 || skip "skipped, because these packages cannot be installed: ${missing[*]} ($folder/install.log)"
}

# The compiler, cargo and clippy of Debian with the source of the standard library: the other targets' is built from it.
compiler() {
  local debs=$folder/debs deb
  if ! [ -e "$folder/rust/complete" ]; then
    rm -rf "$folder/rust" "$debs"
    mkdir -p "$folder/rust" "$debs/partial"
    as_root apt-get update -qq >"$folder/rust.log" 2>&1 || true
    apt-get install -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o "Dir::Cache::archives=$debs" \
      rustc-web cargo-web rust-web-src rust-web-clippy >>"$folder/rust.log" 2>&1 \
      || skip "skipped, because Debian's packages with the source of Rust's standard library cannot be had ($folder/rust.log)"
    for deb in "$debs"/*.deb; do dpkg -x "$deb" "$folder/rust"; done
    rm -rf "$debs"
    touch "$folder/rust/complete"
  fi
}

# A C compiler for macOS, for the C in ring.
python() {
  if ! [ -x "$folder/python/bin/python" ]; then
    python3 -m venv "$folder/python" >"$folder/python.log" 2>&1 || skip "skipped, because python3 has no venv"
  fi
  "$folder/python/bin/python" -c "import $1" 2>/dev/null \
    || "$folder/python/bin/python" -m pip install -q "$2" >>"$folder/python.log" 2>&1 \
    || skip "skipped, because $2 cannot be installed by pip ($folder/python.log)"
}

# Runs Debian's cargo for one target and builds the standard library too: cross TARGET COMMAND...
cross() (
  local target=$1 command=$2
  shift 2
  unset RUSTUP_TOOLCHAIN
  export LD_LIBRARY_PATH=$folder/rust/usr/lib/x86_64-linux-gnu RUSTC=$folder/rust/usr/bin/rustc
  export PATH=$folder/bin:$folder/rust/usr/bin:$PATH RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$folder/target
  cargo "$command" --locked -Zbuild-std=std,panic_unwind,test --target "$target" "$@"
)

# Programs that cargo runs and that must not see its compiler's libraries.
tools() {
  mkdir -p "$folder/bin" "$folder/empty"
  local tool
  for tool in gcc gcc-ar; do
    printf '#!/bin/sh\nunset LD_LIBRARY_PATH\nexec /usr/bin/x86_64-w64-mingw32-%s-posix "$@"\n' "$tool" >"$folder/bin/x86_64-w64-mingw32-$tool"
  done
  for tool in dlltool as ld ar; do
    printf '#!/bin/sh\nunset LD_LIBRARY_PATH\nexec /usr/bin/x86_64-w64-mingw32-%s "$@"\n' "$tool" >"$folder/bin/x86_64-w64-mingw32-$tool"
  done
  # Apple's flags are dropped: zig has its own target names.
  cat >"$folder/bin/macos-cc" <<'CC'
#!/bin/bash
unset LD_LIBRARY_PATH
kept=()
while (($#)); do
  case $1 in
    -arch | -isysroot | -target) shift ;;
    --target=* | -mmacosx-version-min=* | -gfull | -fembed-bitcode*) ;;
    *) kept+=("$1") ;;
  esac
  shift
done
exec "$(dirname "$0")/../python/bin/python" -m ziglang cc -target aarch64-macos "${kept[@]}"
CC
  cat >"$folder/bin/macos-ar" <<'AR'
#!/bin/sh
unset LD_LIBRARY_PATH
exec "$(dirname "$0")/../python/bin/python" -m ziglang ar "$@"
AR
  chmod +x "$folder"/bin/*
}

