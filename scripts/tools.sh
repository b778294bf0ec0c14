# shellcheck shell=bash
# What the scripts share: finding what they need, installing it where they can, saying plainly what is missing where not.
# To be sourced, with the project's folder as the current one.

say() {
  echo "$(basename "$0"): $*" >&2
}

give_up() {
  say "$*"
  exit 1
}

# Installs Debian packages where that is possible: apt-get and the right to use it.
install_packages() {
  command -v apt-get > /dev/null || return 1
  local sudo=""
  if [ "$(id -u)" != 0 ]; then
    # -n: never ask for a password in the middle of a script.
    if ! sudo -n true 2> /dev/null; then
      return 1
    fi
    sudo="sudo -n"
  fi
  say "installing $* ..."
  $sudo apt-get install -y -q "$@" > /dev/null 2>&1 ||
    { $sudo apt-get update -q > /dev/null 2>&1 && $sudo apt-get install -y -q "$@" > /dev/null 2>&1; }
}

# need_command COMMAND PACKAGE WHY: has the command afterwards, or says what is missing and fails.
need_command() {
  command -v "$1" > /dev/null && return
  install_packages "$2" && command -v "$1" > /dev/null && return
  say "missing: $1 (Debian package $2), $3"
  return 1
}

need_jdk() {
  if ! command -v javac > /dev/null; then
    install_packages openjdk-17-jdk-headless || true
  fi
  command -v javac > /dev/null || give_up "missing: a JDK, 17 or newer"
  local version
  version=$(javac -version 2>&1 | sed 's/javac \([0-9]*\).*/\1/')
  [ "$version" -ge 17 ] || give_up "JDK $version is too old: 17 or newer is needed"
}

need_maven() {
  need_command mvn maven "which builds the project" || exit 1
}

# Which JVM this is, to the last digit. Asking it would take as long as a third of a start.
java_release() {
  local home
  home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  cat "$home/release" 2> /dev/null || java -version 2>&1
}

# The JVM's flags of scripts/jvm.options, one a line, and those that the JVM at hand needs to be quiet.
jvm_options() {
  sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' scripts/jvm.options
  if [ "$(java_release | sed -nE 's/.*(JAVA_VERSION=|version )"([0-9]+).*/\2/p' | head -n 1)" -ge 24 ]; then
    echo --sun-misc-unsafe-memory-access=allow
  fi
}

# Flags with which this JVM starts a jar in half the time: an archive of what it loaded in a rehearsal, which is played when
# the jar or the JVM is new. An archive that does not fit is left alone by the JVM, and without one the start is slower.
archive_options() {
  local jar=$1 archive made flags
  archive=${jar%.jar}-$(java_release | cksum | cut -d ' ' -f 1).jsa
  if [ ! "$archive" -nt "$jar" ]; then
    say "rehearsing, so that it starts quickly from now on ..."
    # Beside it and then into its place: a JVM dies of half an archive.
    made=$archive.$$
    mapfile -t flags < <(jvm_options)
    if java "${flags[@]}" -XX:ArchiveClassesAtExit="$made" -Xlog:cds*=off -jar "$jar" rehearse > /dev/null 2>&1; then
      mv -f "$made" "$archive"
    else
      rm -f "$made"
      # Empty: not to be tried again before something has changed.
      : > "$archive"
      say "the rehearsal failed; it starts all the same, only slower"
    fi
  fi
  if [ -s "$archive" ]; then
    printf '%s\n' "-XX:SharedArchiveFile=$archive" "-Xlog:cds*=off"
  fi
}
