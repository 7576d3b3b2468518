#!/usr/bin/env bash
# check_targets.py can fail: a good target passes, and each bad one is refused for its own reason. Some seconds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export SANITIZER=address
. "$here/environment"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# Enough branches and arithmetic for every threshold.
{
  echo '#include <cstddef>'
  echo '#include <cstdint>'
  echo 'extern "C" int outside(int);'
  for i in $(seq 300); do
    echo "static int f$i(const int* a, int b) { if (b == $i) return a[1] * b + a[0]; return a[0] - b; }"
  done
  echo 'extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {'
  echo '  const int a[2] = {int(size), size > 2 ? data[0] : 1};'
  echo '  volatile int sum = 0;'
  for i in $(seq 300); do echo "  sum = sum + f$i(a, a[1]);"; done
  echo '#ifdef OUTSIDE'
  echo '  sum = sum + outside(sum);'
  echo '#endif'
  echo '  return 0;'
  echo '}'
} > many.cc
cat > few.cc <<'END'
#include <cstddef>
#include <cstdint>
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { return size > 3 && data[0] == 7 ? -1 : 0; }
END
cat > crash.cc <<'END'
#include <cstdlib>
extern "C" int LLVMFuzzerInitialize(int*, char***) { std::abort(); }
END
echo 'extern "C" int outside(int a) { return a; }' > outside.cc
mkdir elsewhere
$CXX -shared -fPIC outside.cc -o elsewhere/liboutside.so
flags=${CXXFLAGS//-stdlib=libc++/}

failed=0
# expect NAME WANTED SANITIZER SOURCE [FLAG...]: the target is refused, and says WANTED; nothing wanted: it passes.
expect() {
  local name=$1 wanted=$2 sanitizer=$3 code=0
  shift 3
  mkdir "$name"
  (cd "$name" && mkdir lib && $CXX "$@" -fsanitize=fuzzer -static-libstdc++ -static-libgcc -o "$name" && echo seed > one && zip -q "${name}_seed_corpus.zip" one && rm one)
  SANITIZER=$sanitizer python3 "$here/check_targets.py" "$name" "$sanitizer" "$name" > "$name.log" 2>&1 || code=$?
  if { [ -z "$wanted" ] && [ "$code" -eq 0 ]; } || { [ -n "$wanted" ] && [ "$code" -eq 1 ] && grep -q "$wanted" "$name.log"; }; then
    echo "ok: $name ${wanted:+is refused: $wanted}"
  else
    echo "FAILED: $name, exit code $code, wanted '$wanted'"
    cat "$name.log"
    failed=1
  fi
}

# shellcheck disable=SC2086  # flags are words
{
  expect good '' address $flags ../many.cc
  expect uninstrumented 'runtime of the address sanitizer 0 times' address -O1 ../many.cc
  $CXX ${flags//-fsanitize=fuzzer-no-link/} -c many.cc -o many.o
  expect no_coverage 'has 0 edges' address $flags ../many.o
  expect few_edges 'edges, less than 100' address $flags ../few.cc
  expect crashing 'does not start and run 4 inputs' address $flags ../many.cc ../crash.cc
  expect both_sanitizers 'runtime of the undefined sanitizer' address $flags -fsanitize=undefined ../many.cc
  expect other_sanitizer 'runtime of the address sanitizer [0-9]* times, in a build for undefined' undefined $flags ../many.cc
  expect library_elsewhere 'not from beside itself' address $flags -DOUTSIDE ../many.cc -L"$scratch/elsewhere" -loutside "-Wl,-rpath,$scratch/elsewhere"
  expect library_nowhere 'which is nowhere' address $flags -DOUTSIDE ../many.cc -L"$scratch/elsewhere" -loutside
}

mkdir nothing
if python3 "$here/check_targets.py" nothing address > nothing.log 2>&1; then
  echo 'FAILED: no targets at all pass'
  failed=1
else
  echo 'ok: no targets at all is refused'
fi
exit $failed
