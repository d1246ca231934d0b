#!/bin/sh
# Installs a cargo tool in a pinned version unless it is there.
# Usage: install-tool.sh COMMAND CRATE VERSION OPT_LEVEL [OPTION…]
set -eu
command=$1 crate=$2 version=$3 opt_level=$4
shift 4
if "$command" --version 2>/dev/null | grep -qF " $version"; then
  exit 0
fi
echo "Installing $crate $version…"
if command -v cargo-binstall >/dev/null 2>&1; then
  cargo binstall --no-confirm "$crate@$version" && exit 0
fi
# The tools' own release profiles ask for fat link-time optimisation, which takes three times as long.
CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=$opt_level \
  cargo install "$crate" --version "$version" "$@"
