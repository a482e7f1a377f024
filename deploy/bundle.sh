#!/bin/sh
# All that a server without outside access needs, in one file: build/khotin-VERSION-offline.tar.
# Run it on a machine of the same kind (processor, system, version of Python) as the server: make bundle
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-.venv/bin/python}
VERSION=$("$PYTHON" -c 'import khotin; print(khotin.VERSION)')
NAME=khotin-$VERSION-offline
DRAFT=build/$NAME
rm -rf "$DRAFT" build/lib build/bdist.* && mkdir -p "$DRAFT/wheels"
"$PYTHON" -m pip wheel --quiet --disable-pip-version-check --require-hashes -r requirements.txt -w "$DRAFT/wheels"
"$PYTHON" -m pip wheel --quiet --disable-pip-version-check --no-build-isolation --no-deps . -w "$DRAFT/wheels"
cp -r deploy docs README.md LICENSE CHANGELOG.md "$DRAFT/"
cp deploy/install.sh "$DRAFT/install.sh"
"$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])' > "$DRAFT/python-version"
(cd "$DRAFT" && find . -type f ! -name SHA256SUMS | sort | xargs sha256sum > SHA256SUMS)
tar -C build -cf "build/$NAME.tar.part" "$NAME"
mv "build/$NAME.tar.part" "build/$NAME.tar"
rm -rf "$DRAFT"
echo "build/$NAME.tar"
