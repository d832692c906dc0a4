#!/bin/sh
# Sees to it that there is a Chromium for the browser tests: the machine's, Debian's, or Playwright's.
set -eu
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium
elif command -v apt-get >/dev/null && command -v sudo >/dev/null; then
  sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends chromium
else
  "$1/playwright" install chromium
fi
