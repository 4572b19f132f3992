#!/usr/bin/env bash
# Compiles the kernels of src/Augur.Vulkan to SPIR-V and writes the manifest that says from which sources. Needs glslangValidator (Debian 12's
# glslang-tools). With --check it compiles elsewhere and compares: the committed binaries are those of the committed sources. Another version of the
# compiler writes other bytes, so that then only the sources are compared.
set -euo pipefail
cd "$(dirname "$0")/../../src/Augur.Vulkan/Shaders"
export LC_ALL=C

to=compiled
if [ "${1-}" = --check ]; then
  to=$(mktemp -d)
  trap 'rm -rf "$to"' EXIT
fi

# A kernel, its source and its definitions, one a line.
kernels=$(grep -v '^#' kernels.txt)
mkdir -p "$to"
rm -f "$to"/*.spv
while read -r name source definitions; do
  # shellcheck disable=SC2086 # definitions are words
  glslangValidator --quiet --target-env vulkan1.3 $definitions -o "$to/$name.spv" "$source.comp"
done <<< "$kernels"

# The compiler, and hashes of every source and binary; the tests hold the folder against it where there is no compiler.
compiler=$(glslangValidator --version | head -n 1)
{
  echo "$compiler"
  sha256sum kernels.txt ./*.comp ./*.glsl | sed 's| \./| |'
} > "$to/manifest.txt"
(cd "$to" && sha256sum ./*.spv | sed 's|  \./|  compiled/|') >> "$to/manifest.txt"

if [ "$to" != compiled ] && [ "$(head -n 1 compiled/manifest.txt)" != "$compiler" ]; then
  diff <(tail -n +2 "$to/manifest.txt" | grep -v compiled/) <(tail -n +2 compiled/manifest.txt | grep -v compiled/) \
    || { echo "run tools/shaders/compile.sh and commit what it writes" >&2; exit 1; }
  echo "the sources are those of the manifest; the compiled kernels are another compiler's ($(head -n 1 compiled/manifest.txt)), and are not compared"
elif [ "$to" != compiled ]; then
  diff -r "$to" compiled && echo "the compiled kernels are those of the sources" || { echo "run tools/shaders/compile.sh and commit what it writes" >&2; exit 1; }
else
  echo "$(wc -l <<< "$kernels") kernels, $(cat compiled/*.spv | wc -c) bytes"
fi
