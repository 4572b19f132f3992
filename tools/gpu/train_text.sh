#!/bin/sh
# The text model from drawings to a folder that Augur loads, on one GPU in less than ten minutes. See README.md beside it.
#   sh tools/gpu/train_text.sh prepare      here, with the npm packages of tools/train installed: writes tools/train/drawings.npz (takes it along)
#   sh tools/gpu/train_text.sh              there; OUT: where weights, samples and logs go
#   SIZE=toy sh tools/gpu/train_text.sh     the same in two minutes on a CPU, to see that it runs
set -eu
cd "$(dirname "$0")/../train"
python=${PYTHON:-python3}
out=${OUT:-../../out/text}
work=${WORK:-${TMPDIR:-/tmp}/augur-text}
names=${NAMES:-}
mkdir -p "$out" "$work"

if [ "${1:-}" = prepare ]; then
    [ -d node_modules ] || npm install --no-package-lock --ignore-scripts
    exec "$python" captions.py ${names:+--names "$names"} --drawings drawings.npz
fi

case "${SIZE:-gpu}" in
toy)
    preview="--sample-steps 2"
    scenes=120; workers=2
    autoencoder="--channels 8 16 16 --batch 4 --steps 12 --show 6 --threads 2"
    network="--minutes 0.3 --width 64 --double 1 --single 1 --text-width 64 --batch 4 --parts 1 --show 2 --bfloat16"
    ;;
*)
    preview="--sample-steps 28"
    scenes=80000; workers=16
    autoencoder="--channels 32 64 128 --batch 64 --rate 2e-3 --steps 12000 --minutes 1.8 --show 1000"
    network="--minutes 5.6 --width 256 --double 4 --single 8 --head 64 --text-width 192 --text-layers 3 --text-tokens 24 --batch 512 --parts 1 --rate 2e-3 --warmup 200 --ema 0.9995 --show 200 --save-minutes 1"
    ;;
esac

log() { echo "== $(date +%T) $1"; }
{
    log "scenes"
    "$python" captions.py --drawings drawings.npz --count "$scenes" --workers "$workers" --out "$work/scenes.npz"
    log "autoencoder"
    "$python" autoencoder.py --data "$work/scenes.npz" --out "$work" --nice 0 $autoencoder
    log "latents"
    "$python" autoencoder.py --data "$work/scenes.npz" --out "$work" --nice 0 --encode
    log "network"
    "$python" train_text.py --out "$work" --wall --nice 0 --distil 0.15 $network
    log "export"
    "$python" train_text.py --out "$work" --export "$out/model"
    "$python" train_text.py --out "$work" --preview --threads 8 $preview
    cp "$work/samples.png" "$work/autoencoder.png" "$out"
    log "done"
} 2>&1 | tee "$out/log.txt"
