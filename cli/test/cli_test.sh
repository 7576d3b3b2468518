#!/usr/bin/env bash
# The `assay` program as a user meets it: exit codes, error messages, JSON. Usage: cli_test.sh ASSAY SOURCE_FOLDER
set -u
assay=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 3
failed=0
checks=0

# check NAME EXPECTED_CODE PATTERN COMMAND...: runs the command; its output (both streams) must match the pattern.
check() {
  local name=$1 code=$2 pattern=$3
  shift 3
  local output status
  output=$("$@" 2>&1 </dev/null)
  status=$?
  checks=$((checks + 1))
  if [ "$status" -ne "$code" ] || ! grep -qE -- "$pattern" <<<"$output"; then
    failed=$((failed + 1))
    printf 'FAILED: %s\n  exit code %s, expected %s; expected output like: %s\n%s\n' "$name" "$status" "$code" "$pattern" "$output"
  fi
}

# json NAME EXPRESSION COMMAND...: the output is JSON for which the Python expression over `j` holds.
json() {
  local name=$1 expression=$2
  shift 2
  checks=$((checks + 1))
  if ! "$@" 2>/dev/null | python3 -c "import json,sys; j=json.load(sys.stdin); assert $expression, j"; then
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$name"
  fi
}

sum=$source/corpus/seeds/sum_to.nda
cat > print.nda <<'N'
program print_it(i32 a) { print a; a = a + 1; print a; }
N
cat > forever.nda <<'N'
program forever(i32 a) { while (1) { a = a + 1; } }
N
printf 'program p(i32 a) {\n    a = b;\n}\n' > unknown.nda
printf 'program p(i32 a) {\n    a = 1' > truncated.nda
python3 -c "print('program p(i32 a) { a = ' + '(' * 100000 + '1' + ')' * 100000 + '; }')" > deep.nda
head -c 17000000 /dev/zero | tr '\0' ' ' > large.nda
head -c 300 /dev/urandom | tr '\0' 'x' | sed '1s/^/\xff/' > noise.nda

check 'help says the commands' 0 'fuzz.*' "$assay" --help
check 'help has examples' 0 'Examples' "$assay" fuzz --help
check 'version' 0 '^assay [0-9]' "$assay" --version
check 'no command is a usage error' 2 'subcommand' "$assay"
check 'an unknown option is a usage error' 2 'nonsense' "$assay" fuzz --nonsense
check 'a bad number is a usage error' 2 'seconds' "$assay" fuzz --seconds minus
check 'an unknown oracle is a usage error' 2 "no oracle 'tarot'" "$assay" fuzz --oracles tarot
check 'an unknown engine is a usage error' 2 "no engine 'steam'" "$assay" run "$sum" --engine steam

check 'an unknown command is named' 2 "no command 'bogus'" "$assay" bogus
check 'so is one of a command' 2 "no command 'bogus'; there are start" "$assay" campaign bogus
check 'a negative seed is refused' 2 "'-1' is no whole number" "$assay" fuzz --seed -1
json 'a number with leading zeros is decimal' "j['seed'] == 10 and j['programs_generated'] == 8" "$assay" fuzz --seed 010 --programs 08 --jobs 01 --json
json 'so is zero itself' "j['seed'] == 0" "$assay" fuzz --seed 00 --programs 8 --json
json 'one with 0x is hexadecimal' "j['seed'] == 16" "$assay" fuzz --seed 0x10 --programs 8 --json
check 'a range sees the decimal number' 2 '1025 not in range' "$assay" fuzz --jobs 01025
check 'a flag is shown as a flag' 0 '^  --no-reduce +Leave' "$assay" campaign start --help
check 'so is a size that nobody could hold' 2 'not in range' "$assay" verify --passes --random -1
check 'not a number is no time' 2 "'nan' is no number above 0" "$assay" fuzz --seconds nan
check 'nor is it a share' 2 "'NAN' is no number from 0 to 1" "$assay" fuzz --proof-share NAN
check 'nor a time to run' 2 "'nan' is no number from" "$assay" run "$sum" --seconds nan
check 'a list that lacks an oracle is refused' 2 'lacks an oracle' "$assay" fuzz --oracles passes,
check 'a full disk is no success' 3 'No space left' sh -c '"$1" dump "$2" --json > /dev/full' - "$assay" "$sum"
check 'a base that cannot be run is an error at once' 2 'no program that can be run' "$assay" gate --base nosuch
check 'so is a libFuzzer binary' 2 'no program that can be run' "$assay" campaign start lf --libfuzzer nosuch
check 'no campaign is left behind' 1 '' test -e lf
check 'a campaign needs a name' 2 'no name' "$assay" campaign start ''
check 'an endless run is given up, not convicted' 4 '^runaway$' "$assay" run forever.nda --engine native-sysv --seconds 0.1
printf '// format 1\n// features: lzcnt\n// passes: none\nprogram p(i32 a) { a = clz(a) + 1 + 1; }\n' > recorded.nda
check 'dump shows the code that a finding was compiled to' 0 'lzcnt' "$assay" dump recorded.nda
check 'and the passes it went through' 0 'clz\(a\) \+ 1 \+ 1' "$assay" dump recorded.nda --stage asm
check 'unless told otherwise' 0 'bsr' "$assay" dump recorded.nda --features baseline
json 'mutants as JSON' 'j["refuted"] + j["equivalent"] + len(j["open"]) > 0' "$assay" verify --scev --mutants 2 --json "$sum"

check 'run gives the frame' 0 'sum = 45' "$assay" run "$sum" -i n=10 -i step=1
for engine in interp native-sysv native-win64 emulated-sysv emulated-win64 tiered; do
  json "run --json on $engine" "j['frame']['sum'] == 45" "$assay" run "$sum" -i n=10 -i step=1 --engine $engine --json
done
check 'run shows what is printed' 0 '^42$' "$assay" run print.nda -i a=42
check 'run prints in the tiered engine' 0 '^43$' "$assay" run print.nda -i a=42 --engine tiered
check 'compiled engines refuse to print' 2 'prints' "$assay" run print.nda --engine native-sysv
check 'out of fuel is inconclusive' 4 'out of fuel' "$assay" run forever.nda --fuel 1000
check 'an unknown slot is a usage error' 2 'not slot=value' "$assay" run "$sum" -i zebra=1
check 'a value out of range is a usage error' 2 'not an i32' "$assay" run "$sum" -i n=4294967296

check 'a missing file' 2 'absent.nda: cannot read' "$assay" run absent.nda
check 'a folder' 2 'not a regular file' "$assay" run .
check 'an unknown variable has a place' 2 'unknown.nda:2:9: ' "$assay" run unknown.nda
check 'a truncated file has a place' 2 'truncated.nda:2:[0-9]+: ' "$assay" replay truncated.nda
check 'a deeply nested file has a place' 2 'deep.nda:1:[0-9]+: ' "$assay" dump deep.nda
check 'an oversized file' 2 'larger than the limit' "$assay" dump large.nda
check 'noise has a place' 2 'noise.nda:1:1: ' "$assay" run noise.nda
for bytes in 1 7 20 40 60; do
  head -c $bytes "$sum" > prefix.nda
  check "a file cut at $bytes bytes" 2 'prefix.nda:[0-9]+:[0-9]+: ' "$assay" run prefix.nda
done

check 'replay of the seeds passes' 0 'pass ' "$assay" replay "$sum"
check 'replay of a runaway is skipped and inconclusive' 4 'skipped .*out-of-fuel' "$assay" replay forever.nda
check 'replay goes on behind a bad file' 2 'pass .*sum_to' "$assay" replay unknown.nda "$sum"
json 'replay --json' "j['replays'][0]['status'] == 'pass'" "$assay" replay "$sum" --json

{ echo '// signature: native-sysv/codegen/-/-/slot'; cat "$sum"; } > innocent.nda
{ echo '// signature: crystal-ball/codegen/-/-/slot'; cat "$sum"; } > oracle.nda
check 'reduce of what no oracle convicts' 4 'does not reproduce: no oracle convicts it' "$assay" reduce "$sum" -o reduced.nda
check 'nothing is written for it' 2 'reduced.nda: cannot read' "$assay" run reduced.nda
check 'reduce of a finding that is gone' 4 'does not reproduce: native-sysv/.* is not what' "$assay" reduce innocent.nda
check 'reduce of an unreadable file has a place' 2 'unknown.nda:2:9: ' "$assay" reduce unknown.nda
check 'reduce of a missing file' 2 'absent.nda: cannot read' "$assay" reduce absent.nda
check 'reduce goes on behind a bad file' 2 'not-reproduced innocent' "$assay" reduce unknown.nda innocent.nda --jobs 2
check 'reduce with an unknown oracle' 2 "oracle.nda: .*oracle 'crystal-ball'" "$assay" reduce oracle.nda
check 'reduce of several files needs a folder' 2 "'reduced.nda' is no folder" "$assay" reduce innocent.nda "$sum" -o reduced.nda
check 'reduce writes no two results to one file' 2 'two of the files' "$assay" reduce innocent.nda ./innocent.nda -o .
cp innocent.nda innocent.reduced.nda
json 'reduce passes over its own results' "[r['file'] for r in j['reductions']] == ['innocent.nda']" \
  "$assay" reduce innocent.nda ./innocent.reduced.nda --json
json 'a result alone is reduced again' "[r['file'] for r in j['reductions']] == ['innocent.reduced.nda']" \
  "$assay" reduce innocent.reduced.nda --json
check 'reduce without files' 2 'files' "$assay" reduce
json 'reduce --json' "[r['status'] for r in j['reductions']] == ['not-reproduced', 'unreadable'] and j['reductions'][0]['tried'] == 0" \
  "$assay" reduce innocent.nda unknown.nda --json

check 'dump asm' 0 'ret' "$assay" dump "$sum" --stage asm
check 'dump bytes' 0 '^[0-9a-f]+c3' "$assay" dump "$sum" --stage bytes
check 'dump ast' 0 '^program sum_to' "$assay" dump "$sum" --stage ast
check 'dump of an unknown stage' 2 'stage' "$assay" dump "$sum" --stage soup
json 'dump --json' "j['instructions'][-1]['bytes']" "$assay" dump "$sum" --json

check 'dump after a pass' 0 'sum = ' "$assay" dump "$sum" --stage after:scev
check 'dump after an unknown pass' 2 "no pass named 'soup'" "$assay" dump "$sum" --stage after:soup
check 'dump after a pass that does not run' 2 'not among those that run' "$assay" dump "$sum" --stage after:scev --passes fold
check 'explain tells of loops' 0 'trip count: ' "$assay" explain "$sum"
check 'explain tells of passes' 0 '^scev: 1 change' "$assay" explain "$sum"
check 'explain shows a diff' 0 '^  [+] +if' "$assay" explain "$sum"
check 'explain gives reasons' 0 'declined: no exit' "$assay" explain forever.nda
printf 'program p(i64 x, i64 n) { loop (n) { if (0) { print x; } x = x + 1L; } }' >dead_print.nda
check 'explain tells of the loops that the solver meets' 0 'solved' "$assay" explain dead_print.nda
check 'explain of the program as it stands' 0 'declined: the body returns or prints' "$assay" explain dead_print.nda --passes none
check 'what prints no more can be compiled' 0 'x = 3' "$assay" run dead_print.nda --engine native-sysv -i n=3
printf 'program p(i32 x) { while (1) { print x; } }' >chatter.nda
check 'endless output is given up' 4 '^out of fuel' "$assay" run chatter.nda
printf '\002\000\001' >newer.nda
check 'a binary program of another version' 2 'has version 2' "$assay" run newer.nda
check 'explain of an unknown pass' 2 "no pass named 'x'" "$assay" explain "$sum" --passes x
json 'explain --json' "j['loops'][0]['solved'] and j['passes']" "$assay" explain "$sum" --json
json 'run without passes' "j['frame']['sum'] == 45" "$assay" run "$sum" -i n=10 -i step=1 --engine native-sysv --passes none --json
json 'the interpreter behind passes' "j['frame']['sum'] == 45" "$assay" run "$sum" -i n=10 -i step=1 --passes default --json
check 'replay behind one pass' 0 'pass ' "$assay" replay "$sum" --passes scev
check 'fuzz with given passes' 0 'passes scev,dce' "$assay" fuzz --programs 200 --passes scev,dce
check 'fuzz with an unknown pass' 2 "no pass named 'y'" "$assay" fuzz --passes fold,y

check 'doctor' 0 'sandbox +ok' "$assay" doctor
json 'doctor --json' "j['healthy']" "$assay" doctor --json

check 'fuzz passes' 0 'findings +none' "$assay" fuzz --programs 500 --jobs 1
check 'fuzz refuses a findings folder that is a file' 2 'findings folder' "$assay" fuzz --programs 10 --findings print.nda/x
json 'fuzz counts its proofs' "j['proofs']['proved'] > 0 and j['proofs']['refuted'] == 0 and j['proofs']['over_budget'] >= 0" \
  "$assay" fuzz --programs 300 --seed 9 --json
check 'fuzz without proofs' 0 'shapes of loops proved +off' "$assay" fuzz --programs 100 --proof-share 0
check 'fuzz says that proofs are within a budget' 0 'shapes of loops proved +[0-9]+, 0 refuted.*over budget .2 % of the time' \
  "$assay" fuzz --programs 100
json 'fuzz --json' "j['programs_generated'] == 300 and j['findings'] == 0 and j['exit_code'] == 0" \
  "$assay" fuzz --programs 300 --seed 9 --json
check 'campaign start' 0 'findings +none' "$assay" campaign start night --programs 600 --batch 64 --jobs 2 --seed 5
check 'campaign status' 0 'batches recorded +10' "$assay" campaign status night
check 'campaign status counts proofs' 0 'shapes of loops proved +[1-9]' "$assay" campaign status night
check 'a finished campaign has nothing left to do' 0 'programs generated +600 ' "$assay" campaign resume night
json 'campaign status --json' "j['programs_generated'] == 600 and j['seed'] == 5" "$assay" campaign status night --json
check 'campaign start refuses a folder with a campaign' 2 'holds a campaign already' "$assay" campaign start night
check 'campaign status of nothing' 2 'holds no campaign' "$assay" campaign status absent
check 'campaign resume of nothing' 2 'holds no campaign' "$assay" campaign resume absent
check 'campaign stop of nothing' 2 'no campaign is running' "$assay" campaign stop night
check 'fuzzer_stats' 0 'execs_done +: 600' cat night/fuzzer_stats
cp -r night edited
python3 - <<'P'
import sqlite3
with sqlite3.connect('edited/campaign.sqlite') as store:
    store.execute('INSERT OR REPLACE INTO windows VALUES (0, 100000000)')
P
check 'a store that was edited is no reason to crash' 2 'edited/campaign.sqlite: .*entries of the corpus' "$assay" campaign resume edited
check 'findings list of a campaign that found nothing' 0 '^0 findings under 0 signatures' "$assay" findings list night
json 'findings list --json' "j['findings'] == 0 and j['groups'] == [] and j['decisions'] == []" "$assay" findings list night --json
check 'findings list of nothing' 2 'holds no campaign' "$assay" findings list absent
check 'findings show of an unknown name' 2 "no findings are counted under 'x/y'" "$assay" findings show night x/y
check 'findings split of an unknown name' 2 "no findings are counted under 'x/y'" "$assay" findings split night x/y --key node:add
check 'findings split wants to know what' 2 'one of a file, a key and a signature' "$assay" findings split night x/y
check 'findings merge of unknown names' 2 "no findings are counted under 'x/y'" "$assay" findings merge night x/y a/b
check 'findings undo of nothing' 2 'there is no decision 3' "$assay" findings undo night 3
check 'campaign status says what is covered' 0 'forms by register class +[0-9]+ of [0-9]+' "$assay" campaign status night
check 'campaign with seeds' 0 'findings +none' "$assay" campaign start seeded --programs 300 --batch 32 --jobs 1 --mutate-every 2 --corpus "$source/corpus/seeds"
check 'it mutates its corpus' 0 'corpus +[1-9][0-9]* programs; 5 batches of mutants' "$assay" campaign status seeded
check 'campaign with seeds that are none' 2 "cannot be read" "$assay" campaign start unseeded --programs 32 --corpus absent
check 'campaign with no libFuzzer' 2 'no program that can be run' "$assay" campaign start unfuzzed --programs 32 --libfuzzer absent
printf '#!/bin/sh\nexec sleep 1000\n' > fuzzer
chmod +x fuzzer
mkdir -p fuzzed/libfuzzer/artifacts
printf '\001\002\003' > fuzzed/libfuzzer/artifacts/crash-1
printf '\001\005\006\007' > fuzzed/libfuzzer/artifacts/timeout-2
touch -d '1 minute ago' fuzzed/libfuzzer/artifacts/*
check 'what libFuzzer left is judged, and is a finding' 1 '1 x  libfuzzer/crash' \
  "$assay" campaign start fuzzed --programs 64 --batch 32 --jobs 1 --libfuzzer ./fuzzer
check 'findings list' 1 '^2 findings under 2 signatures' "$assay" findings list fuzzed
check 'findings show' 0 'replay: assay replay fuzzed/findings/[0-9a-f-]+.nda' "$assay" findings show fuzzed libfuzzer/crash
check 'findings merge' 0 'decision 1 is recorded' "$assay" findings merge fuzzed libfuzzer/timeout libfuzzer/crash --reason 'one loop'
check 'findings are counted as decided' 1 '^2 findings under 1 signatures' "$assay" findings list fuzzed
json 'also in the summary' "[s['count'] for s in j['finding_signatures']] == [2]" "$assay" campaign status fuzzed --json
check 'decisions are listed' 1 'decision 1: libfuzzer/timeout is counted under libfuzzer/crash: one loop' "$assay" findings list fuzzed
crash=$("$assay" findings show fuzzed libfuzzer/crash --json | python3 -c "import json,sys; print(json.load(sys.stdin)['file'])")
check 'findings undo' 0 'decision 1 is taken back' "$assay" findings undo fuzzed 1
check 'findings split' 0 'decision 2 is recorded' "$assay" findings split fuzzed libfuzzer/crash --file "$crash" --as mine
check 'findings split of what is not there' 2 'holds no file' "$assay" findings split fuzzed libfuzzer/timeout --file nothing.nda
check 'report counts as decided' 1 'new +mine' "$assay" report fuzzed
check 'report does not call fixed what only libFuzzer saw' 1 'new +libfuzzer/' "$assay" report fuzzed
check 'more programs for a campaign, whose last batch was a short one' 0 'programs generated +664 ' "$assay" campaign resume night --programs 704
check 'selftest build of an unknown fault' 2 'no fault is called' "$assay" selftest build --source "$source" --build empty --faults nothing --out faulty
# A lock without a process is what a campaign of another container looks like.
cat > held.py <<'P'
import fcntl, struct, subprocess, sys
with open(sys.argv[1] + '/campaign.lock', 'r+') as lock:
    fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0))
    sys.exit(subprocess.run(sys.argv[2:]).returncode)
P
check 'a campaign of another container is not stopped from here' 3 'another machine or in another container' \
  setsid python3 held.py night "$assay" campaign stop night
"$assay" campaign start endless --quiet > endless.out 2>&1 &
until "$assay" campaign status endless 2>/dev/null | grep -qE 'batches recorded +[1-9]'; do sleep 0.1; done
# Nothing that a file says or is called reaches a terminal, or a CI system's log, as something to obey.
evil=$'evil\e[2J\n::error::x.nda'
red=$'\e[31m\n::error::red'
mkdir -p evil
{ printf '// signature: \e[31m::error::red\n// replays: ##[error]1 of 1\n//| ::error::explained\n'; cat "$sum"; } > "$evil"
cp "$evil" evil/
cp -r night evil-night
python3 - "$red" <<'P'
import sqlite3, sys
name = sys.argv[1]
with sqlite3.connect('evil-night/campaign.sqlite') as store:
    store.execute("INSERT INTO signature_counts VALUES (1, ?, 'x', 'x', 1, 7, 1.0)", (name,))
    store.execute("INSERT INTO key_counts VALUES (1, ?, ?, 1)", (name, name))
    store.execute("INSERT INTO decisions VALUES (1, 'merge', ?, '', ?, ?, 1.0, NULL)", (name, name, name))
    store.execute("INSERT INTO incidents VALUES (1, 1.0, 'hang', ?)", (name,))
P
cat > harmless.sh <<'S'
"$@" > harmless.out 2>&1 < /dev/null
[ -s harmless.out ] && ! LC_ALL=C grep -qE '[[:cntrl:]]|^ *::|##\[' harmless.out && echo nothing to obey
cat -v harmless.out
S
harmless() { check "nothing to obey in what $(printf '%q ' "${@:1:2}")says" 0 '^nothing to obey$' bash harmless.sh "$assay" "$@"; }
for file in "$evil" "absent $evil"; do
  for command in replay reduce dump 'corpus migrate' 'corpus stats' 'verify --scev' 'report' 'campaign status' 'findings list'; do
    harmless $command "$file"
  done
done
harmless "bogus $evil"
harmless fuzz "--$evil"
harmless report evil
harmless report evil-night
harmless campaign status evil-night
harmless campaign resume evil-night --programs 1
harmless findings list evil-night
harmless findings show evil-night "$red"
# Disks of all sizes around that of a store: it is there and can be read, or nothing of it is left.
cat > disks.sh <<'S'
mkdir disk
for size in 60 80 100 120 140 160 180 200 220 260 300; do
  mount -t tmpfs -o size="$size"k tmpfs disk || exit
  "$1" campaign start disk/night --programs 1 --jobs 1 --quiet > disk.out 2>&1
  status=$?
  rm -rf kept
  cp -r disk/night kept
  umount disk
  if [ $status -ne 0 ] && [ $status -ne 3 ]; then echo "$size kB: exit code $status"; fi
  if [ $status -eq 0 ] && [ ! -e kept/campaign.sqlite ]; then echo "$size kB: no store"; fi
  [ ! -e kept/campaign.sqlite ] || "$1" campaign status kept > /dev/null || echo "$size kB: a broken store"
  ls kept/campaign.sqlite.new* 2>/dev/null
done
echo all sizes
S
if unshare -rm true 2>/dev/null; then
  check 'a campaign on a full disk leaves no broken store' 0 '^0:all sizes$' \
    bash -c 'out=$(unshare -rm sh disks.sh "$0" 2>&1); echo "$?:$out"' "$assay"
fi
ln -s loop loop
for name in "$(printf 'n%.0s' {1..300})" loop/x /proc/nope; do
  check "campaign start in $name" 2 "(create the folder|cannot read).*${name:0:9}" "$assay" campaign start "$name"
  for command in 'campaign status' 'campaign resume' 'findings list'; do
    check "$command of $name" 2 "${name:0:9}.*(cannot read|holds no campaign)" "$assay" $command "$name"
  done
  check "corpus minimize to $name" 2 "${name:0:9}" "$assay" corpus minimize "$source/corpus/seeds" "$name"
  check "verify --emit to $name" 2 "${name:0:9}" "$assay" verify --scev "$sum" --emit "$name"
  check "corpus merge to $name" 2 "${name:0:9}" "$assay" corpus merge "$name" "$source/corpus/seeds"
done
check 'a running campaign cannot be resumed' 2 'a campaign is running' "$assay" campaign resume endless
check 'campaign stop' 0 'has stopped' "$assay" campaign stop endless
check 'campaign status after stop' 0 'campaign +stopped' "$assay" campaign status endless
check 'verify proves a loop with both solvers' 0 '1 of 1 proved, 0 refuted' \
  "$assay" verify --scev --check --emit obligations "$source/corpus/seeds/sum_of_squares.nda"
check 'verify writes obligations' 0 'check-sat' cat obligations/theorem_00.smt2
check 'verify proves nested loops' 0 '2 of 2 proved' "$assay" verify --scev "$source/corpus/seeds/nested_loops.nda"
echo 'program p(i64 n, i64 i, i64 a) { while (i < n) { a = a & i; i = i + 4; } }' > hard.nda
check 'verify does not call unknown a pass' 4 '0 of 1 proved, 0 refuted, 1 unknown' "$assay" verify --scev --limit-ms 100 hard.nda
check 'verify refutes mutants of a proved loop' 0 '8 mutants of proved loops .seed 1.: [1-9] refuted, [0-9] shown equivalent, 0 open' \
  "$assay" verify --scev --mutants 8 "$source/corpus/seeds/sum_of_squares.nda"
check 'verify wants loops for mutants' 2 'goes with --scev' "$assay" verify --passes --mutants 8
check 'verify --instructions agrees but where it is known' 0 'the CPU agrees in 8000, .* differences are known, 0 are not' \
  "$assay" verify --instructions --runs 8000 --seed 5
json 'verify --instructions --json' \
  "j['total']['cpu_agrees'] == 8000 and j['total']['emulator_known']['Popcnt'] > 0 and len(j['not_run']) + len(j['forms']) == 233" \
  "$assay" verify --instructions --runs 8000 --json
check 'verify --instructions with too few runs' 4 'inconclusive: some forms were not run' "$assay" verify --instructions --runs 32
check 'verify --instructions with no runs' 2 'runs' "$assay" verify --instructions --runs 0
check 'verify --instructions takes no programs' 2 'takes no programs' "$assay" verify --instructions x.nda
check 'verify with nothing to prove' 4 '0 of 0 proved' "$assay" verify --passes print.nda
echo 'program p(i32 n, i32 a) { loop (n) { a = a / 4 + n; } }' > quarters.nda
check 'verify does not call a bound a proof' 4 '0 of [1-9] proved, 0 refuted, [0-9] unknown, [1-9] compared up to a bound only' \
  "$assay" verify --passes quarters.nda
check 'verify prints the bound' 4 'bounded .*compared for [0-9]+ iterations? of each loop' "$assay" verify --passes quarters.nda
check 'verify is a command of that name' 0 '^.*sum_to.nda +1 at [0-9]+:[0-9]+ .*ordered-exit.* 32 .* proved' \
  "$(dirname "$assay")/verify" --scev "$sum"
mkdir -p programs/below
cp "$source/corpus/seeds/sum_of_squares.nda" programs/z.nda
cp "$sum" programs/below/a.nda
check 'verify takes folders' 0 '2 of 2 proved' "$assay" verify --scev programs
check 'verify goes through folders in order' 0 '^programs/below/a.nda .*programs/z.nda' \
  bash -c '"$1" verify --scev programs | grep "^programs" | tr "\n" " "' - "$assay"
check 'verify --brief leaves out what is proved' 0 '^1 of 1 proved' bash -c '"$1" verify --scev --brief "$2" | head -1' - "$assay" "$sum"
mkdir bad
cp unknown.nda bad/
check 'verify names a broken file of a folder' 2 'unknown.nda:2:9: ' "$assay" verify --scev bad
json 'verify --json has what the table has' "j['rows'][0]['width'] == '32' and j['rows'][0]['cvc5']['asked'] == \
j['rows'][0]['cvc5']['proved'] == j['rows'][0]['obligations'] > 0" \
  "$assay" verify --scev --check "$sum" --json
json 'verify --quick takes a sample and the seeds' "j['proved'] > 100 and j['refuted'] == 0 and \
any('corpus/seeds' in r['name'] for r in j['rows'])" "$assay" verify --scev --quick --corpus "$source/corpus" --json
json 'verify --passes on generated programs without loops' "j['proved'] > 40 and j['refuted'] == 0 and j['bounded'] == 0" \
  "$assay" verify --passes --random 20 --loop-free --limit-ms 500 --json
check 'verify --quick is of loops' 2 'goes with --scev' "$assay" verify --passes --quick
check 'verify shows no progress when it is told not to' 0 '^$' bash -c '"$1" verify --scev -q "$2" 2>&1 >/dev/null' - "$assay" "$sum"
# The commands that exported obligations give for themselves, on all of these.
"$assay" verify --scev --emit exported "$sum" "$source/corpus/seeds/sum_of_squares.nda" > /dev/null
for obligation in exported/*.smt2; do
  command=$(sed -n '1s/^; To check: z3 FILE; \(cvc5.*\) FILE$/\1/p' "$obligation")
  check "z3 on $obligation" 0 '^unsat$' z3 "$obligation"
  check "$command on $obligation" 0 '^unsat$' $command "$obligation"
done
check 'verify wants to know what' 2 'say exactly one of --scev' "$assay" verify
check 'verify does one thing' 2 'say exactly one of --scev' "$assay" verify --scev --passes
check 'verify --passes wants programs' 2 'needs files or --random' "$assay" verify --passes

check 'verify --encoder of a part says so' 0 '^a part of the operand space: not the complete check' \
  "$assay" verify --encoder --forms 'Mov*,Jmp*,Jcc*' --every 101
check 'verify --encoder counts all it judged' 0 '^([0-9,]+) of \1 encodings of 233 forms judged by two decoders .Zydis .*LLVM .*, 0 mismatches' \
  "$assay" verify --encoder --every 499
json 'verify --encoder --json' "not j['complete'] and j['mismatches'] == 0 and j['encodings'] == j['planned'] == sum(f['encodings'] for f in j['forms']) and len(j['forms']) == 9" \
  "$assay" verify --encoder --forms 'Sub*I8,Sub*I32,Cqo' --every 97 --jobs 3 --json
check 'verify --encoder of no form' 2 "no form is called like 'Nothing[*]'" "$assay" verify --encoder --forms 'Nothing*'
check 'verify --encoder takes no programs' 2 'takes no programs' "$assay" verify --encoder "$sum"

mkdir -p findings empty known
corpus=$source/corpus
mkdir -p mini/seeds mini/regressions mini/known empty-corpus/seeds
cp "$corpus"/seeds/{sum_to,sum_of_squares,arithmetic}.nda mini/seeds/
sed -e 's/"seeds": [0-9]*/"seeds": 3/' -e 's/"regressions": [0-9]*/"regressions": 0/' -e 's/"proved": [0-9]*/"proved": 1/' \
  "$corpus/floors.json" > mini/floors.json
gate=("$assay" gate --quiet --findings gate-findings)
json 'the gate passes on the corpus' "j['exit_code'] == 0 and j['labels']['new'] == 0 and j['campaign']['programs_generated'] == 200" \
  "${gate[@]}" --programs 200 --corpus "$corpus" --json
gate+=(--no-catalogue --programs 100 --corpus)
check 'the gate passes' 0 'gate +pass' "${gate[@]}" mini --summary gate.md
check 'the gate writes a summary' 0 '^## Gate: pass' cat gate.md
check 'the gate says what a small campaign is not held to' 0 'not held +instruction forms' "${gate[@]}" mini
check 'the gate without floors' 2 'floors.json: cannot read' "${gate[@]}" empty-corpus
check 'the gate with floors that are none' 2 'print.nda:1:1: this is no JSON' "${gate[@]}" mini --floors print.nda
sed 's/"seeds": 3/"seeds": 1000/' mini/floors.json > high.json
check 'the gate misses a floor' 1 'missed +seeds that agree: 3 of at least 1000' "${gate[@]}" mini --floors high.json
{ echo '// signature: native-sysv/codegen/add/AddR32R32/slot'; cat "$sum"; } > mini/known/sum.nda
check 'the gate shows what is fixed' 0 'fixed +known  mini/known/sum.nda' "${gate[@]}" mini
check 'the gate asks the base' 0 'the base agrees too' "${gate[@]}" mini --base "$assay"
check 'the gate without a sandbox fails closed' 3 'timer' bash -c 'ulimit -i 0 && exec "$@"' - "${gate[@]}" mini
cp -r mini broken-corpus
cp unknown.nda broken-corpus/regressions/
check 'the gate names a broken file' 2 'unknown.nda:2:9: ' "${gate[@]}" broken-corpus

check 'corpus stats' 0 'passes fired +[0-9]+ of [0-9]+' "$assay" corpus stats "$corpus"
json 'corpus stats --json' "j['programs'] > 20 and not j['unreadable']" "$assay" corpus stats "$corpus" --json
check 'corpus stats names a broken file' 2 'unknown.nda:2:9: ' "$assay" corpus stats broken-corpus
check 'corpus stats of nothing' 4 'programs +0 ' "$assay" corpus stats empty
check 'corpus minimize' 0 'programs kept in small' "$assay" corpus minimize "$corpus" small
check 'corpus minimize wants a new folder' 2 "'small' holds programs already" "$assay" corpus minimize "$corpus" small
check 'corpus minimize refuses a broken file' 2 'unknown.nda:2:9: ' "$assay" corpus minimize broken-corpus smaller
check 'and writes nothing' 2 "'smaller' cannot be read" "$assay" corpus stats smaller
check 'corpus merge adds nothing that brings nothing' 0 '^0 of ' "$assay" corpus merge small "$corpus"
json 'corpus merge makes its folder' "j['kept'] > 0 and j['features_before'] == 0" "$assay" corpus merge merged small --json
cp "$source/fuzz/corpus/test/fixtures/version0.nda" old.nda
check 'corpus migrate goes on behind a bad file' 2 'migrated old.nda from version 0 to 1' "$assay" corpus migrate unknown.nda old.nda
check 'corpus migrate has nothing to do twice' 0 '^current old.nda' "$assay" corpus migrate old.nda
check 'a migrated file is read' 0 '// format 1' "$assay" dump old.nda --stage ast
printf '\001\001\001\001' > input
printf '\000' > no-program
check 'corpus import writes programs' 0 '^2 inputs, 1 of them programs, in 1 files' "$assay" corpus import imported input no-program
check 'an imported program is read' 0 'program' bash -c '"$0" dump imported/*.nda --stage ast' "$assay"
check 'corpus import of no program' 4 '^1 inputs, 0 of them' "$assay" corpus import imported no-program
check 'corpus import of an absent file' 2 'absent' "$assay" corpus import imported absent
check 'corpus wants to know what' 2 'subcommand' "$assay" corpus
{ printf '// signature: passes/fold/-/-/slot\n// seed: 0x7\n// program: 41\n'; cat "$sum"; } > 'findings/it'"'"'s <b>.nda'
printf '// signature: harness/hang\n// oracle: harness\n//| <script>alert(1)</script>\n' | cat - forever.nda > known/hang.nda
"$assay" fuzz --programs 300 --seed 9 --json > summary.json 2>/dev/null
check 'report of nothing is no pass' 4 'nothing was judged' "$assay" report empty
check 'report of an absent folder' 2 'cannot be read' "$assay" report absent
check 'report with a bad summary' 2 'print.nda: this is no summary' "$assay" report empty --summary print.nda
check 'report calls fixed what agrees' 0 'fixed +passes/fold' "$assay" report findings --html r.html --sarif r.sarif --junit r.xml --json r.json --markdown r.md
check 'report never runs what hangs' 1 'new +harness/hang' "$assay" report known --html hang.html --junit hang.xml --sarif hang.sarif
"$assay" verify --scev "$source/corpus/seeds/sum_of_squares.nda" --json > proofs.json 2>/dev/null
check 'report with proofs' 0 'no new finding' "$assay" report empty --proofs proofs.json --json p.json
json 'report --json with proofs' "j['proofs'][0]['verdict'] == 'proved'" cat p.json
check 'report with bad proofs' 2 'not what `assay verify --json` prints' "$assay" report empty --proofs summary.json
check 'report with a summary' 0 'no new finding' "$assay" report empty --summary summary.json --html s.html --json s.json --junit s.xml
check 'report of a campaign' 0 'no new finding' "$assay" report night --html night.html
check 'the page draws the time series' 0 '<polyline' cat night.html
check 'the page shows what was never hit' 0 'Never hit: <code>' cat s.html
check 'the page escapes what a file says' 0 '&lt;script&gt;alert\(1\)' cat hang.html
check 'annotations' 1 '^::error file=oracles/judge.cc,line=1,title=new finding%3A harness/hang' "$assay" report known --annotations
check 'report of an unreadable file' 2 'problem: .*unknown.nda:2:9' "$assay" report .
check 'report to a folder that is not there' 2 'no/where' "$assay" report findings --html no/where/r.html
json 'report --json' "j['states'] == {'new': 0, 'known': 0, 'fixed': 1, 'unknown': 0} and j['exit_code'] == 0" cat r.json
json 'report --json with a summary' "j['campaign']['programs'] == 300 and 'seed 0x9' in j['configuration']" cat s.json
json 'report --sarif' "j['runs'][0]['results'][0]['level'] == 'error'" cat hang.sarif
for xml in r.xml s.xml hang.xml; do
  check "$xml is well-formed" 0 '^testsuites$' python3 -c "import sys, xml.etree.ElementTree as e; print(e.parse(sys.argv[1]).getroot().tag)" "$xml"
done
SOURCE_DATE_EPOCH=0 "$assay" report findings --html one.html --json one.json > /dev/null
SOURCE_DATE_EPOCH=0 "$assay" report findings --html two.html --json two.json > /dev/null
check 'the same findings give the same report' 0 '1970-01-01T00:00:00Z' bash -c 'cmp one.html two.html && cmp one.json two.json && cat one.json'
check 'selftest list' 0 '^rex-x-never +encoder +REX.X never set' "$assay" selftest list --source "$source"
check 'selftest list of some' 0 '^1 faults in 1 areas' "$assay" selftest list --source "$source" --faults 'rex-x-*'
check 'selftest list of none' 2 "no fault is called like 'nothing'" "$assay" selftest list --source "$source" --faults nothing
check 'selftest without sources' 2 'there is no catalogue' "$assay" selftest list --source empty
check 'selftest run without a build' 2 'compile_commands.json' "$assay" selftest run --source "$source" --build empty --out s.json
check 'selftest run without an unknown oracle' 2 "no oracle 'nobody'" "$assay" selftest run --source "$source" --build empty --without nobody --out s.json
check 'selftest run of lone faults of no oracle' 2 'requires --without' "$assay" selftest run --source "$source" --build empty --lone s.json --out t.json
check 'selftest run of lone faults of something else' 2 'not what `assay selftest run` writes' "$assay" selftest run --source "$source" --build empty --without encoding --lone summary.json --out t.json
check 'selftest table of something else' 2 'not what `assay selftest run` writes' "$assay" selftest table summary.json
checks=$((checks + 1))
if "$assay" fuzz --programs 100 2>&1 | grep -q $'\x1b'; then
  failed=$((failed + 1))
  echo 'FAILED: escape codes in output that is not a terminal'
fi

echo "$((checks - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
