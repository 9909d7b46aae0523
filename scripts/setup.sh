#!/usr/bin/env bash
# Installs what the demo and the tests need: distribution packages (QGIS and Python's), and a virtual environment .venv that adds
# PyTorch and the test tools. The system's own Python gets nothing but distribution packages.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  qgis qgis-providers python3-qgis python3-xarray python3-netcdf4 python3-dask python3-pandas python3-h5py python3-hdf4 python3-openpyxl
  python3-scipy python3-matplotlib python3-gdal python3-venv python3-pip xvfb xauth imagemagick xdotool fonts-dejavu-core fonts-open-sans
)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
  run=()
  if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then
      run=(sudo)
    else
      echo "These packages are missing. Install them, then run make again:" >&2
      echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
      exit 1
    fi
  fi
  echo "Installing ${#missing[@]} packages of the distribution (QGIS among them; a few minutes) ..."
  log=$(mktemp)
  if ! { "${run[@]}" apt-get update && "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "The packages could not be installed; the whole log is $log." >&2
    exit 1
  fi
  rm -f "$log"
fi

stamp=.venv/requirements.sha256
wanted=$(sha256sum requirements-dev.txt)
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
  echo "Making the virtual environment .venv (PyTorch for the CPU, test tools; a few minutes) ..."
  [ -x .venv/bin/python ] || /usr/bin/python3 -m venv --system-site-packages .venv
  log=$(mktemp)
  pip() { .venv/bin/python -m pip install --disable-pip-version-check "$@" >>"$log" 2>&1; }
  if ! .venv/bin/python -c 'import torch' 2>/dev/null; then
    # The CPU build from PyTorch's own index spares gigabytes; where that cannot be reached, the usual index.
    pip --retries 1 --timeout 15 torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu || pip torch==2.13.0 || { tail -n 20 "$log" >&2; exit 1; }
  fi
  pip -r requirements-dev.txt || { tail -n 20 "$log" >&2; exit 1; }
  rm -f "$log"
  echo "$wanted" >"$stamp"
fi
