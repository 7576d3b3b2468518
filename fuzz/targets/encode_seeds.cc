// encode_seeds FOLDER FILE...: programs (.nda) in binary form, each a seed for a libFuzzer target. A part of the build
// of the targets (ci/oss-fuzz/build.sh), not of the product. Tested by fuzz/targets/test/seeds_test.cc.
#include <cstdio>
#include <string>
#include <vector>

#include "fuzz/targets/seeds.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: encode_seeds FOLDER FILE...\n", stderr);
    return 2;
  }
  const auto written = assay::fuzz::encode_seeds(argv[1], std::vector<std::string>(argv + 2, argv + argc));
  if (!written) {
    std::fprintf(stderr, "encode_seeds: %s\n", written.error().describe().c_str());
    return 2;
  }
  std::printf("%zu seeds in %s\n", *written, argv[1]);
  return 0;
}
