#!/bin/sh
# Runs every test, in two parts, after installing what Debian packages they need and may have.
# RTT_SOAK=1 runs all repetitions; RTT_CI=1 lets no test be skipped but for the reasons in tests/allowances.py.
set -u
cd "$(dirname "$0")/.." || exit 1

# Each package with a file of it, so that a server or browser installed by other means is found too.
# The names are those that tests/allowances.py is given.
NEEDED="
postgresql:/usr/lib/postgresql/*/bin/postgres
chromium:/usr/bin/chromium
libpango-1.0-0:/usr/lib/*/libpango-1.0.so.0
libpangoft2-1.0-0:/usr/lib/*/libpangoft2-1.0.so.0
fonts-liberation:/usr/share/fonts/truetype/liberation*/LiberationSans-Regular.ttf
libreoffice-calc:/usr/lib/libreoffice/program/libsclo.so
libreoffice-impress:/usr/lib/libreoffice/program/libsdlo.so
libreoffice-writer:/usr/lib/libreoffice/program/libswlo.so
poppler-utils:/usr/bin/pdftoppm
nginx:/usr/sbin/nginx
openjdk-17-jre-headless:/usr/lib/jvm/java-17-openjdk-*/bin/java
"
# The steps of the Dockerfile are run in a Debian made by debootstrap; the journeys in two more engines.
if [ "${RTT_SOAK:-}" = 1 ]; then NEEDED="$NEEDED
debootstrap:/usr/sbin/debootstrap
firefox-esr:/usr/bin/firefox-esr
webkit2gtk-driver:/usr/bin/WebKitWebDriver
xvfb:/usr/bin/Xvfb
"; fi

missing() {
    for entry in $NEEDED; do
        # Unquoted on purpose: the pattern becomes the path, or stays as it is when nothing matches.
        set -- ${entry#*:}
        [ -e "$1" ] || echo "${entry%%:*}"
    done | paste -s -d ' '
}

install() {
    echo "Installing from Debian: $*"
    $privilege apt-get update -q >/dev/null &&
        $privilege env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null
}

part() {
    name=$1
    shift
    started=$(date +%s)
    .venv/bin/python -m pytest "$@" || failed=1
    echo "The tests $name took $(($(date +%s) - started)) seconds."
}

absent=$(missing)
RTT_CANNOT_INSTALL=""
if [ -n "$absent" ]; then
    if [ "$(id -u)" = 0 ]; then
        privilege=""
        install $absent || echo "apt-get could not install: $absent" >&2
    elif sudo -n true 2>/dev/null; then
        privilege="sudo -n"
        install $absent || echo "apt-get could not install: $absent" >&2
    else
        RTT_CANNOT_INSTALL=$absent
        echo "Not installed, and this account may not install: what needs these is skipped: $absent"
    fi
fi
export RTT_CANNOT_INSTALL

# A module that is compiled once is not compiled again by each process that tests start.
unset PYTHONDONTWRITEBYTECODE
failed=0
mkdir -p var
# The sample data takes a minute and more to build: it is begun now, and what needs it is tested last.
.venv/bin/python -m tests.sample &
sample=$!
# So are Spark and an S3 server, 640 MB beside the environment: fetched once, kept in var/tests.
.venv/bin/python -m tests.lake_programs >/dev/null &
programs=$!
trap 'kill $sample $programs 2>/dev/null; exit 130' INT TERM
if [ "${RTT_SOAK:-}" = 1 ]; then brief=""; else brief=" and not soak"; fi
# A file's tests stay in one process: what they share (a server, a simulation) is made once, not in each of two.
workers="-n 2 --dist loadfile --no-loadscope-reorder"
part "without a browser" -q $workers -m "not browser$brief"
wait $sample || failed=1
wait $programs || failed=1
part "in a browser" -q $workers -m "browser$brief" tests/browser
exit $failed
