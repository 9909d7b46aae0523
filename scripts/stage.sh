#!/bin/sh
# Copies the plugin, with its metadata and licence, into a folder that QGIS can load it from: scripts/stage.sh [TARGET]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$here/build/annsm_plugin}
rm -rf "$target.new"
mkdir -p "$target.new"
(cd "$here/annsm_plugin" && find . -type f ! -name '*.pyc' ! -path '*/__pycache__/*' | while read -r file; do
    mkdir -p "$target.new/$(dirname "$file")"
    cp "$file" "$target.new/$file"
done)
cp "$here/metadata.txt" "$here/LICENSE" "$here/README.md" "$here/CHANGELOG.md" "$target.new/"
rm -rf "$target"
mv "$target.new" "$target"
