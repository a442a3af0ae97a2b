#!/bin/sh
# Check the system packages that Python cannot install. As root they are installed, otherwise the command is printed.
# Usage: system_packages.sh documents | chromium | postgres
set -eu

case "$1" in
documents)
    packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    why="PDF-Dokumente"
    present() { ldconfig -p | grep -q libpangoft2-1.0 && ldconfig -p | grep -q libharfbuzz-subset; }
    ;;
chromium)
    packages="chromium"
    why="Browser-Tests"
    present() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }
    ;;
postgres)
    packages="postgresql"
    why="Tests auf PostgreSQL"
    present() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
    ;;
*)
    echo "unbekannt: $1" >&2
    exit 2
    ;;
esac

install() {
    if [ "$1" = postgres ]; then # the tests start a cluster of their own: none is to run beside it
        mkdir -p /etc/postgresql-common/createcluster.d
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/caseapp.conf
    fi
    # shellcheck disable=SC2086
    apt-get update -qq >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
}

present && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installiere für $why: $packages" >&2
    install "$1" && exit 0
fi
echo "Für $why fehlen Pakete. Bitte installieren: sudo apt-get install $packages" >&2
[ "$1" != documents ] && [ "${CI:-}" != true ] && exit 0
exit 1
