#!/bin/sh
# The small LLaDA from rules to a folder that Augur loads, on one GPU in less than ten minutes. See README.md beside it.
#   sh tools/gpu/train_language.sh              there; OUT: where weights, samples and logs go
#   SIZE=toy sh tools/gpu/train_language.sh     the same in two minutes on a CPU, to see that it runs
set -eu
cd "$(dirname "$0")/../train"
python=${PYTHON:-python3}
out=${OUT:-../../out/stories}
work=${WORK:-${TMPDIR:-/tmp}/augur-stories}
mkdir -p "$out" "$work"

case "${SIZE:-gpu}" in
toy)
    network="--minutes 0.4 --merges 300 --width 64 --heads 2 --layers 2 --mlp 128 --tokens 512 --show 10 --workers 1"
    preview="--length 32 --steps 8 --block 16 --judge 4"
    ;;
*)
    network="--minutes 8.2 --width 288 --heads 6 --layers 8 --mlp 704 --tokens 65536 --rate 2e-3 --warmup 200 --show 200 --save-minutes 1 --workers 14"
    preview="--length 160 --steps 160 --judge 256"
    ;;
esac

log() { echo "== $(date +%T) $1"; }
{
    log "network"
    "$python" language.py --out "$work" --wall $network
    log "export"
    "$python" language.py --out "$work" --export "$out/model" --reference "$out/reference.safetensors" --judge 16
    log "samples"
    "$python" language.py --out "$work" --preview $preview
    log "done"
} 2>&1 | tee "$out/log.txt"
