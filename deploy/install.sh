#!/bin/sh
# Installs Khotin from this folder, without network: ./install.sh [/opt/khotin]
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
TARGET=${1:-/opt/khotin}
PYTHON=${PYTHON:-python3}
WANTED=$(cat "$HERE/python-version")
FOUND=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$FOUND" = "$WANTED" ] || {
  echo "These packages are for Python $WANTED; here is $FOUND. Name the right one: PYTHON=python$WANTED ./install.sh" >&2
  exit 1
}
(cd "$HERE" && sha256sum --quiet --check SHA256SUMS) || { echo "The bundle is damaged. Copy it again." >&2; exit 1; }
"$PYTHON" -m venv "$TARGET"
"$TARGET/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$HERE/wheels" "$HERE"/wheels/*.whl
"$TARGET/bin/khotin" --version
echo "Installed in $TARGET. How to go on: $HERE/docs/deploying.md"
