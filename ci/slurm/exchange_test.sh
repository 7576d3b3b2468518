#!/usr/bin/env bash
# The exchange keeps its promises: see exchange.py.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
failed=0
check() { # NAME COMMAND...
  local name=$1
  shift
  if "$@" > out.log 2>&1; then echo "ok: $name"; else failed=1; echo "FAILED: $name"; cat out.log; fi
}
not() { ! "$@"; }
exchange() { python3 "$here/exchange.py" "$@"; }
digest() { printf '%s' "$1" | sha1sum | cut -d ' ' -f 1; }

mkdir a b store
printf one > a/seed
printf two > b/"$(digest two)"
printf '// three' > b/three.nda
check 'a publishes' exchange a store
check 'b publishes and fetches' exchange b store
check 'a fetches what b published' exchange a store
check 'content is the name' test "$(cat store/"$(digest one)")" = one
check 'what one had the other has' cmp "b/$(digest one)" a/seed
check 'and the other way round' cmp "a/$(digest two)" "b/$(digest two)"
check 'an ending stays' test -f "a/$(digest '// three').nda"
check 'a second exchange has nothing to do' test -z "$(exchange a store)"

mkdir c
printf four > c/finding.nda
check 'one way, the store takes' exchange --publish c store
check 'what it is given' test -f "store/$(digest four).nda"
check 'and gives nothing' test "$(ls c)" = finding.nda

printf torn > "store/$(digest whole)"
check 'a damaged file is reported' not exchange a store
check 'and not taken' test ! -e "a/$(digest whole)"
rm "store/$(digest whole)"
printf half > "store/.$(digest half).node.1"
check 'a file that is being written is not seen' exchange a store
check 'nor taken' test ! -e "a/$(digest half)"

# Eight at once, with 200 files of which every two writers have half in common.
for i in $(seq 8); do
  mkdir "w$i"
  for k in $(seq $((i * 25)) $((i * 25 + 49))); do echo "$k" > "w$i/$k"; done
done
pids=()
for i in $(seq 8); do
  exchange "w$i" shared > "w$i.log" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
check 'writers at the same time lose nothing' test "$(ls shared | wc -l)" = 225
check 'and leave nothing half-done' test -z "$(find shared -name '.*' -type f)"
check 'and nothing damaged' bash -c 'cd shared && for f in *; do echo "$f  $f"; done | sha1sum --check --quiet'
exit $failed
