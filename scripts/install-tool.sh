#!/bin/sh
# Installs a cargo tool in a pinned version unless it is there: install-tool.sh COMMAND CRATE VERSION [OPTION…]
set -eu
command=$1 crate=$2 version=$3
shift 3
if "$command" --version 2>/dev/null | grep -qF " $version"; then
  exit 0
fi
echo "Installing $crate $version…"
if command -v cargo-binstall >/dev/null 2>&1; then
  cargo binstall --no-confirm "$crate@$version" && exit 0
fi
cargo install "$crate" --version "$version" "$@"
