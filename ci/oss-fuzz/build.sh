#!/bin/bash -eu
# OSS-Fuzz's and ClusterFuzzLite's build of the libFuzzer targets. All it knows comes from the environment that they document:
# SRC (the sources, in $SRC/assay), OUT, WORK, CC, CXX, CFLAGS, CXXFLAGS, SANITIZER, FUZZING_ENGINE, LIB_FUZZING_ENGINE, ARCHITECTURE.
# `ci/check_oss_fuzz` runs it with the same environment on any machine and checks what it made.

case "$SANITIZER" in
  address | undefined | coverage | none) ;;
  *)
    # MemorySanitizer would need Zydis, Unicorn, fmt and the C++ library to be instrumented too.
    echo "build.sh: no build with SANITIZER=$SANITIZER" >&2
    exit 1
    ;;
esac
if [ "$ARCHITECTURE" != x86_64 ]; then
  echo "build.sh: the compiler makes x86-64 code only, not $ARCHITECTURE" >&2
  exit 1
fi
if [ "$FUZZING_ENGINE" != libfuzzer ]; then
  echo "build.sh: the differential target mutates with libFuzzer, not with $FUZZING_ENGINE" >&2
  exit 1
fi

targets=(text_parser binary_codec differential)
build=$WORK/assay-$SANITIZER
source=$SRC/assay

# The distribution's C++ libraries (LLVM, fmt) are made for libstdc++. `function` reads the bytes in front of a callee, which
# generated code does not have.
export CXXFLAGS="${CXXFLAGS//-stdlib=libc++/} -fno-sanitize=function"
# RPATH, unlike RUNPATH, holds for what the libraries need in turn.
export LDFLAGS="${LDFLAGS:-} -Wl,--as-needed -Wl,--disable-new-dtags"

cmake -S "$source" -B "$build" -G Ninja \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO= \
  -DCMAKE_INSTALL_RPATH='$ORIGIN/lib' -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON \
  -DASSAY_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" -DASSAY_STATIC_LLVM=ON -DASSAY_WARNINGS_ARE_ERRORS=OFF
cmake --build "$build" --target "${targets[@]}" encode_seeds

# What a target needs travels beside it, but for the C library, which is that of the machine.
mkdir -p "$OUT/lib"
for target in "${targets[@]}"; do
  cp "$build/fuzz/targets/$target" "$OUT/"
  ldd "$build/fuzz/targets/$target" | awk '$2 == "=>" { print $3 }' | while read -r library; do
    case "$(basename "$library")" in
      libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | libresolv.so.* | ld-linux*) ;;
      *) cp -Lu "$library" "$OUT/lib/" ;;
    esac
  done
done

# The encoder is instrumented like the rest; here it is a tool.
programs=("$source"/corpus/seeds/*.nda "$source"/corpus/regressions/*.nda)
rm -rf "$build/seeds"
ASAN_OPTIONS=detect_leaks=0 LLVM_PROFILE_FILE=/dev/null LD_LIBRARY_PATH="$OUT/lib" \
  "$build/fuzz/targets/encode_seeds" "$build/seeds" "${programs[@]}"
rm -f "$OUT"/*_seed_corpus.zip
zip -qj "$OUT/text_parser_seed_corpus.zip" "${programs[@]}"
zip -qj "$OUT/binary_codec_seed_corpus.zip" "$build"/seeds/*
cp "$OUT/binary_codec_seed_corpus.zip" "$OUT/differential_seed_corpus.zip"

cp "$source/fuzz/targets/nda.dict" "$OUT/text_parser.dict"
cp "$source"/ci/oss-fuzz/*.options "$OUT/"
