#!/bin/sh
# Everything that needs a graphics card, in one go of less than ten minutes: do the kernels agree, how fast are they, and PyTorch on the same card.
#   sh tools/gpu/vulkan.sh prepare          here: makes out/vulkan, which travels (one program, the Vulkan loader, scripts); linux-x64
#   sh out/vulkan/vulkan.sh                 there; needs nothing but the card's driver, and python3 with torch for the last part
#   SIZE=toy sh out/vulkan/vulkan.sh        the same on a software driver, to see that every part runs
# OUT: where the log goes. NO_PEERS=1 leaves PyTorch out.
set -u
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" = prepare ]; then
    set -e
    to=$here/../../out/vulkan
    rm -rf "$to"
    dotnet publish "$here/../../bench/Augur.GpuBench" -c Release -r linux-x64 -o "$to" -v quiet
    find "$to" -name '*.pdb' -o -name '*.xml' | xargs rm -f
    rm -rf "$to/models" # that draw; here the weights are random
    mkdir -p "$to/lib/x11"
    cp -L /usr/lib/x86_64-linux-gnu/libvulkan.so.1 "$to/lib/"
    # NVIDIA's driver is linked against these, which a machine without a desktop may lack.
    for name in libX11.so.6 libXext.so.6 libxcb.so.1 libXau.so.6 libXdmcp.so.6 libbsd.so.0 libmd.so.0 libGLdispatch.so.0 libGLX.so.0; do
        [ -e "/usr/lib/x86_64-linux-gnu/$name" ] && cp -L "/usr/lib/x86_64-linux-gnu/$name" "$to/lib/x11/"
    done
    cp "$here/vulkan.sh" "$here/vulkan_peers.py" "$here/vulkan_targets.py" "$to/"
    du -sh "$to"
    exit 0
fi

size=${SIZE:-}
out=${OUT:-$here/log}
mkdir -p "$out"
# The libraries that were carried along, where the machine has none of its own.
has() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -q "$1"; }
has 'libvulkan\.so\.1' || export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
has 'libXext\.so\.6' || export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib/x11"
# Where NVIDIA's driver describes itself in a place that the loader does not search, or not at all: its library is named here then.
if [ -z "${VK_DRIVER_FILES:-}" ] && command -v nvidia-smi >/dev/null; then
    found=$(find /usr /etc /opt -name 'nvidia_icd*.json' 2>/dev/null | head -n 1)
    library=$(find /usr /opt -name 'libGLX_nvidia.so.0' 2>/dev/null | head -n 1)
    if [ -z "$found" ] && [ -n "$library" ]; then
        found=$out/nvidia_icd.json
        printf '{"file_format_version": "1.0.1", "ICD": {"library_path": "%s", "api_version": "1.3.277"}}\n' "$library" > "$found"
    fi
    [ -n "$found" ] && export VK_DRIVER_FILES="$found"
fi
export DOTNET_BUNDLE_EXTRACT_BASE_DIR="${TMPDIR:-/tmp}/augur-gpu-bundle"
p=$here/Augur.GpuBench
chmod +x "$p" 2>/dev/null
part() { # seconds, words…: the limits add up to nine and a half minutes
    limit=$1; shift
    [ -z "$size" ] || limit=$((4 * limit)) # a software driver on a busy machine
    echo "== $(date +%T) $*"
    timeout "$limit" "$p" "$@" $size
    echo "== exit code $?"
}
{
    command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm,clocks.max.mem --format=csv,noheader
    part 20 info
    part 70 check
    part 70 linear
    part 40 attention
    part 20 conv
    part 60 launch
    part 90 call
    part 90 methods
    if [ -z "${NO_PEERS:-}" ]; then
        echo "== $(date +%T) PyTorch"
        PYTHONUNBUFFERED=1 timeout 110 "${PYTHON:-python3}" "$here/vulkan_peers.py" $size
    fi
    echo "== $(date +%T) end"
} 2>&1 | tee "$out/vulkan.txt"
# Each target beside what was measured; needs no torch.
command -v "${PYTHON:-python3}" >/dev/null && "${PYTHON:-python3}" "$here/vulkan_targets.py" "$out/vulkan.txt" | tee "$out/targets.txt"
