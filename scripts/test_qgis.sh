#!/usr/bin/env bash
# Tests the plugin in another QGIS, in a Debian system of its own under ~/.cache/annsm (about 4 GB; made once, in some minutes).
#
#   QGIS=3.40 scripts/test_qgis.sh     Debian 13 (Python 3.13, numpy 2)
#   QGIS=3.44 scripts/test_qgis.sh     Debian 13 with its backports
#
# In it run the demo through qgis_process, the tests of the algorithms and of the window's parts, and a real window under Xvfb. What they
# print and show is kept in build/qgis-VERSION. Needs root. All of it runs in namespaces of its own: mounts and processes end with it,
# however it ends.
set -euo pipefail
cd "$(dirname "$0")/.."
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
kept=$PWD/build/qgis-$version

if [ "${1:-}" != --apart ]; then
  mkdir -p "$system"
  exec 9>"$system.lock"
  flock -n 9 || { echo "$system is in use by another run." >&2; exit 2; }
  setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc scripts/test_qgis.sh --apart &
  apart=$!
  trap 'kill -KILL $apart 2>/dev/null || true' EXIT
  trap 'exit 130' INT TERM HUP
  status=0
  wait $apart || status=$?
  exit $status
fi

inside() { chroot "$system" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/bin:/bin:/usr/sbin:/sbin "$@"; }

mounts() {
  mount -t proc proc "$system/proc"
  mount --rbind /sys "$system/sys"
  mount --rbind /dev "$system/dev"
}

# wheels [OPTION...] REQUIREMENT...: packages from PyPI for the Python in there, fetched by the Python out here, which knows its way
wheels() {
  python3 -m pip download -q --no-cache-dir --disable-pip-version-check --only-binary=:all: -d "$system/opt/wheels" \
    --python-version "$(inside python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')" "$@"
}

prepare() {
  if ! command -v debootstrap >/dev/null; then
    apt-get update -q && apt-get install -qy --no-install-recommends debootstrap debian-archive-keyring
  fi
  local mirror from=()
  mirror=$(sed -nE 's#^(URIs:|deb) +(https?://[^ ]*/debian/?)( .*)?$#\2#p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -1 || true)
  mirror=${mirror:-http://deb.debian.org/debian}
  rm -rf --one-file-system "$system"
  mkdir -p "$system"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$system" "$mirror"
  cp /etc/resolv.conf "$system/etc/resolv.conf"
  for file in /etc/apt/apt.conf.d/*proxy*; do if [ -f "$file" ]; then cp "$file" "$system/etc/apt/apt.conf.d/"; fi; done
  echo "deb $mirror $suite main" >"$system/etc/apt/sources.list"
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
  inside apt-get clean
  inside python3 -m venv --system-site-packages /opt/tests
  wheels --no-deps 'pytest-qgis>=5'
  inside /opt/tests/bin/python -m pip install -q --no-index --no-deps --find-links /opt/wheels pytest-qgis
  # As in 'make setup', the environment has PyTorch and the system has not, so that tests can hide it. Debian's has links that count on
  # lying four folders deep.
  inside sh -ec 'mkdir -p /usr/lib/annsm/torch; cd /usr/lib/python3/dist-packages; mv torch torch-*.egg-info torchgen functorch /usr/lib/annsm/torch
    ln -s /usr/lib/annsm/torch/* "$(/opt/tests/bin/python -c "import sysconfig; print(sysconfig.get_path(\"purelib\"))")"'
  inside python3 -m venv /opt/cf
  wheels -r tests/requirements-cf.txt
  cp tests/requirements-cf.txt "$system/opt/"
  inside /opt/cf/bin/python -m pip install -q --no-index --find-links /opt/wheels -r /opt/requirements-cf.txt
}

# A system that was made otherwise than it would be made now, or whose making was cut off, is made anew.
recipe=$( (declare -f prepare wheels; cat tests/requirements-cf.txt) | sha256sum)
if [ "$(cat "$system/ready" 2>/dev/null)" = "$recipe" ]; then
  mounts
else
  echo "Making $system (Debian $suite with QGIS $version; about 4 GB, some minutes; log in $system.log) ..."
  begun=$SECONDS
  (set -e; prepare) >"$system.log" 2>&1 &
  wait $! || { tail -20 "$system.log" >&2; exit 1; }
  echo "$recipe" >"$system/ready"
  echo "Made in $((SECONDS - begun)) s, $(du -shx "$system" | cut -f1)."
fi
there=$(inside QT_QPA_PLATFORM=offscreen qgis --version 2>/dev/null | head -1)
case "$there" in
  "QGIS $version."*) ;;
  *) echo "$system has '$there', not QGIS $version: Debian's $suite${backports:+-backports} has moved on." >&2; exit 1 ;;
esac
echo "$there, $(inside /opt/tests/bin/python -c 'import platform, numpy, torch; print("Python", platform.python_version(), "numpy", numpy.__version__, "torch", torch.__version__)')"

# The files are copied, so that nothing in there writes into the checkout.
rm -rf "$system/annsm" "$system"/tmp/* "$kept"
mkdir -p "$system/annsm" "$kept"
trap 'rm -rf "$system"/tmp/*' EXIT
git ls-files -z --cached --others --exclude-standard | while IFS= read -rd '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done |
  xargs -0 cp --parents -t "$system/annsm"
ln -s /opt/tests "$system/annsm/.venv"
ln -s /opt/cf "$system/annsm/.venv-cf"

told=()
status=0
# step NAME WHAT COMMAND...: runs it in there; what it prints is shown and kept
step() {
  local name=$1 what=$2 begun=$SECONDS how=passed
  shift 2
  printf '\n== %s\n' "$what"
  inside XDG_RUNTIME_DIR=/root sh -c 'cd /annsm && exec "$@"' sh "$@" 2>&1 | tee "$kept/$name.txt" || { how=FAILED; status=1; }
  told+=("$(printf '%-8s %-52s %5d s' "$how" "$what" $((SECONDS - begun)))")
}
step stage "the plugin's folder" make -s stage
step demo "the demo through qgis_process" .venv/bin/python scripts/demo.py
step tests "tests of the algorithms and of the window's parts" \
  .venv/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile -p no:cacheprovider tests/processing tests/ui
step window "a real window" .venv/bin/python scripts/window.py
mkdir "$kept/demo"
cp "$system"/annsm/demo/*.png "$system"/annsm/demo/*.html "$kept/demo/" 2>/dev/null || true
cp -r "$system/annsm/build/window" "$kept/" 2>/dev/null || true

printf '\n%s; pictures, reports and what was printed in %s\n' "$there" "$kept"
printf '%s\n' "${told[@]}"
exit $status
