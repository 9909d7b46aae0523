#!/usr/bin/env bash
# Installs what the demo and the tests need: distribution packages (QGIS and Python's), a virtual environment .venv that adds
# PyTorch and the test tools, and another for the CF checker. The system's own Python gets nothing but distribution packages.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  qgis qgis-providers python3-qgis python3-xarray python3-netcdf4 python3-dask python3-distributed python3-pandas python3-h5py python3-hdf4 python3-openpyxl
  python3-scipy python3-matplotlib python3-gdal python3-venv python3-pip xvfb xauth imagemagick xdotool qttools5-dev-tools fonts-dejavu-core fonts-open-sans
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

# environment FOLDER REQUIREMENTS WHAT FIRST [OPTION...]: makes a virtual environment (OPTIONs go to venv) unless it has been made of
# these REQUIREMENTS. The command FIRST, given the folder, may install something ahead of them.
environment() {
  local folder=$1 requirements=$2 what=$3 first=$4 stamp=$1/requirements.sha256 wanted log
  shift 4
  wanted=$(sha256sum "$requirements")
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
  echo "Making the virtual environment $folder ($what) ..."
  [ -x "$folder/bin/python" ] || /usr/bin/python3 -m venv "$@" "$folder"
  log=$(mktemp)
  pip() { "$folder/bin/python" -m pip install --disable-pip-version-check "$@" >>"$log" 2>&1; }
  if ! { $first "$folder" && pip -r "$requirements"; }; then
    tail -n 20 "$log" >&2
    exit 1
  fi
  rm -f "$log"
  echo "$wanted" >"$stamp"
}

# The CPU build from PyTorch's own index spares gigabytes; where that cannot be reached, the usual index.
pytorch() {
  "$1/bin/python" -c 'import torch' 2>/dev/null && return
  pip --retries 1 --timeout 15 torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu || pip torch==2.13.0
}

environment .venv requirements-dev.txt "PyTorch for the CPU, test tools; a few minutes" pytorch --system-site-packages
# The checker brings netCDF4 from PyPI, which crashes QGIS where it can see it: nothing of this environment may reach the other.
environment .venv-cf tests/requirements-cf.txt "the CF checker; less than a minute" true
