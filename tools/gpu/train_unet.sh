#!/bin/sh
# The U-Net from drawings to a folder that Augur loads, on one GPU in less than ten minutes. See README.md beside it.
#   sh tools/gpu/train_unet.sh prepare      here, with the npm packages of tools/train installed: writes tools/train/emoji64.npz (takes it along)
#   sh tools/gpu/train_unet.sh              there; OUT: where weights, samples and logs go
#   SIZE=toy sh tools/gpu/train_unet.sh     the same in two minutes on a CPU, to see that it runs
set -eu
cd "$(dirname "$0")/../train"
python=${PYTHON:-python3}
out=${OUT:-../../out/emoji-unet}
work=${WORK:-${TMPDIR:-/tmp}/augur-unet}
names=${NAMES:-}
mkdir -p "$out" "$work"

if [ "${1:-}" = prepare ]; then
    [ -d node_modules ] || npm install --no-package-lock --ignore-scripts
    exec "$python" emoji_data.py --size 64 --out emoji64.npz
fi

case "${SIZE:-gpu}" in
toy)
    autoencoder="--channels 8 16 16 --batch 4 --steps 12 --show 6 --threads 1 --bfloat16"
    network="--minutes 0.3 --channels 32 32 --layers 1 --text-width 64 --text-layers 1 --batch 4 --show 10"
    preview="--sample-steps 2 --count 12"
    ;;
*)
    autoencoder="--channels 32 64 96 --batch 64 --rate 2e-3 --steps 12000 --minutes 1.8 --show 1000"
    network="--minutes 6.2 --compile --batch 512 --rate 2e-3 --warmup 200 --ema 0.9995 --show 200 --save-minutes 1"
    preview="--sample-steps 25 --count 144"
    ;;
esac

log() { echo "== $(date +%T) $1"; }
{
    log "autoencoder"
    "$python" autoencoder.py --data emoji64.npz --out "$work" --nice 0 $autoencoder
    log "network"
    "$python" unet.py --data emoji64.npz --out "$work" ${names:+--names "$names"} --wall $network
    log "export"
    "$python" unet.py --data emoji64.npz --out "$work" ${names:+--names "$names"} --export "$out/model" --reference "$out/reference.safetensors"
    "$python" unet.py --data emoji64.npz --out "$work" ${names:+--names "$names"} --preview --threads 8 $preview
    cp "$work/samples.png" "$work/autoencoder.png" "$out"
    log "done"
} 2>&1 | tee "$out/log.txt"
