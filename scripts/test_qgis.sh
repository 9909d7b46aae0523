#!/usr/bin/env bash
# Tests the plugin in another QGIS: a Debian system of its own under ~/.cache/annsm (3 to 4 GB, some minutes the first time).
#
#   QGIS=3.40 scripts/test_qgis.sh     Debian 13 (Python 3.13, numpy 2)
#   QGIS=3.44 scripts/test_qgis.sh     Debian 13 with its backports
#
# In it run: qgis_process with the tests of the algorithms, the tests of the window's parts, and a real window under Xvfb. Needs root (a
# root directory is changed, /proc, /sys and /dev are mounted there); what was mounted is taken away at the end, whatever happens.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
version=${QGIS:-3.40}
suite=trixie
case "$version" in
  3.40) backports= ;;
  3.44) backports=yes ;;
  *) echo "QGIS is '$version'; expected 3.40 or 3.44 (3.22 is what 'make test' has)." >&2; exit 2 ;;
esac
if [ "$(id -u)" != 0 ]; then
  echo "A Debian system inside a folder needs root: run it as 'sudo make test-qgis QGIS=$version'." >&2
  exit 2
fi
system=${ANNSM_CACHE:-$HOME/.cache/annsm}/qgis-$version
mirror=$(sed -nE 's#^(URIs:|deb) +(https?://[^ ]*/debian/?)( .*)?$#\2#p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -1 || true)
mirror=${mirror:-http://deb.debian.org/debian}

inside() { chroot "$system" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/bin:/bin:/usr/sbin:/sbin "$@"; }

unmount() {
  for place in annsm dev/shm dev/pts dev sys proc; do
    if mountpoint -q "$system/$place"; then umount -l "$system/$place"; fi
  done
}
trap unmount EXIT

prepare() {
  command -v debootstrap >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends debootstrap; }
  rm -rf "$system"
  mkdir -p "$system"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$system" "$mirror"
  cp /etc/resolv.conf "$system/etc/resolv.conf"
  for file in /etc/apt/apt.conf.d/*proxy*; do if [ -f "$file" ]; then cp "$file" "$system/etc/apt/apt.conf.d/"; fi; done
  echo "deb $mirror $suite main" >"$system/etc/apt/sources.list"
  local from=()
  if [ -n "$backports" ]; then
    echo "deb $mirror $suite-backports main" >>"$system/etc/apt/sources.list"
    from=(-t "$suite-backports")
  fi
  mounts
  inside apt-get -o Acquire::Check-Valid-Until=false update -q
  inside DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${from[@]}" qgis python3-qgis
  inside DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends python3-xarray python3-netcdf4 python3-dask \
    python3-distributed python3-pandas python3-h5py python3-hdf4 python3-openpyxl python3-scipy python3-matplotlib python3-gdal \
    python3-torch python3-sklearn python3-hypothesis python3-pytest python3-pytest-xdist python3-markdown-it python3-pip python3-venv \
    make qttools5-dev-tools xvfb xauth imagemagick fonts-dejavu-core fonts-open-sans
  inside python3 -m venv --system-site-packages /opt/tests
  python3 -m pip download -q --no-deps --disable-pip-version-check -d "$system/opt/wheels" 'pytest-qgis>=5'
  inside /opt/tests/bin/python -m pip install -q --no-index --no-deps --find-links /opt/wheels pytest-qgis
  touch "$system/ready"
}

mounts() {
  mountpoint -q "$system/proc" || mount -t proc proc "$system/proc"
  mountpoint -q "$system/sys" || mount --rbind --make-rslave /sys "$system/sys"
  mountpoint -q "$system/dev" || mount --rbind --make-rslave /dev "$system/dev"
}

if [ ! -f "$system/ready" ]; then
  log=${TMPDIR:-/tmp}/annsm-qgis-$version.log
  echo "Making $system (Debian $suite with QGIS $version; 3 to 4 GB, about ten minutes; log in $log) ..."
  (set -e; prepare) >"$log" 2>&1 &
  wait $! || { tail -20 "$log" >&2; exit 1; }
fi
mounts

# The plugin's files are copied, so that nothing in there writes into the checkout.
rm -rf "$system/annsm"
mkdir -p "$system/annsm"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$system/annsm"
inside sh -c 'cd /annsm && ln -sfn /opt/tests .venv && mkdir -p build && cp -r annsm_plugin build/annsm_plugin && cp metadata.txt LICENSE build/annsm_plugin/ && .venv/bin/python scripts/make_help.py build/annsm_plugin && .venv/bin/python scripts/make_translations.py build/annsm_plugin/i18n'
inside sh -c 'qgis --version 2>/dev/null | head -1; python3 --version; python3 -c "import numpy, torch; print(\"numpy\", numpy.__version__, \"torch\", torch.__version__)"' || true
# Left out: the CF checker has an environment of its own in 'make setup', and here PyTorch belongs to the system, so that it cannot be hidden.
left_out='not test_cf and not test_without_torch_training_says_what_is_missing and not test_the_installation_is_looked_at'
status=0
inside LEFT_OUT="$left_out" QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=/tmp sh -c 'cd /annsm && .venv/bin/python -m pytest -q -n 2 --dist loadfile -p no:cacheprovider tests/processing tests/ui -k "$LEFT_OUT"' || status=1
inside XDG_RUNTIME_DIR=/tmp sh -c 'cd /annsm && .venv/bin/python scripts/window.py' || status=1
mkdir -p "$root/build/qgis-$version"
cp -r "$system"/annsm/build/*.png "$root/build/qgis-$version/" 2>/dev/null || true
exit $status
