#!/bin/sh
# Makes .venv with Python 3.11 or newer. Debian splits venv off into a package of its own, so it is
# installed where that is allowed and named where it is not.
set -eu
python=${PYTHON:-python3}
venv=$1

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || {
  echo "Expected Python 3.11, 3.12 or 3.13, got $("$python" --version 2>&1). Set PYTHON=/path/to/python3.11" >&2
  exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$package"
  elif command -v apt-get >/dev/null && command -v sudo >/dev/null; then
    sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends "$package"
  else
    echo "Python's venv module is missing. Install the package $package, then run make again." >&2
    exit 1
  fi
fi
"$python" -m venv "$venv"
