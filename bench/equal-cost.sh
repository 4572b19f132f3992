#!/bin/bash
# Prints the settings at which each method makes about 3, 5 and 7 times fewer FLOPs on the built-in model, for --policies-file of augur bench.
# Methods of a fixed schedule get 16, 10 and 7 calls evenly spread; of the others one number is closed in on (augur tune --policy). Where a
# method cannot reach a cost, a comment says so.
#   bench/equal-cost.sh path/to/Augur.Cli > policies.txt
augur=$1
profile=$(mktemp -d)/profile.json
ratios="$("$augur" fit magcache --count 3 --seed 77 --out "$profile" > /dev/null && sed -n 's/.*"ratios": "\(.*\)".*/\1/p' "$profile")"
policies=(
  "cg-taylor(threshold={0.001..2})"
  "clusca(interval={2..100})"
  "toca(dense_zone=false,interval={2..100})"
  "duca(dense_zone=false,interval={2..100})"
  "teacache(threshold={0.01..3})"
  "teacache(threshold={0.01..3},draft=taylor(order=1))"
  "seacache(threshold={0.01..3})"
  "fbcache(threshold={0.01..3})"
  "fbcache(threshold={0.01..3},draft=taylor(order=1))"
  "dbcache(front=2,warmup=4,threshold={0.01..3})"
  "magcache(ratios=$ratios,max_consecutive=12,threshold={0.01..10})"
  "easycache(threshold={0.001..3})"
  "dicache(threshold={0.01..3})"
  "speca(preset=dit,base={0.00001..3})"
)
for speedup in 3 5 7; do
  echo "# About $speedup times fewer FLOPs."
  calls=$((speedup == 3 ? 16 : 50 / speedup))
  for method in "taylorseer(draft=reuse," "taylorseer(order=2," "hicache(" "foca("; do echo "${method}warmup=1,schedule=power($calls))"; done
  for policy in "${policies[@]}"; do
    "$augur" tune --speedup $speedup --policy "$policy" --count 2 --held-out 2 --seed 8000 --out "$profile" 2> "$profile.txt" | sed -n "s|^$profile: ||p"
    sed -n "s|^augur: |# ${policy%%(*}: |p" "$profile.txt"
  done
done
