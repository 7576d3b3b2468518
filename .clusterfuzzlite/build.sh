#!/bin/bash -eu
# ClusterFuzzLite's build is OSS-Fuzz's.
exec bash -eu "$SRC/assay/ci/oss-fuzz/build.sh"
