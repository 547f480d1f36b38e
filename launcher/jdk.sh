# Finds a JDK that is new enough: exports JAVA_HOME, or says what is there and how to get one.

# A folder like /usr has bin/javac, but only as a link into the JDK.
jdk_of() { # javac
  local home
  home=$(readlink -f "$1") && echo "${home%/bin/javac}"
}

jdk_major() { # home; empty where the folder doesn't say
  [ ! -f "$1/release" ] || sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
  local home major candidates=() found=()
  if [ -n "${ONEMALL_JAVA_HOME:-}" ]; then
    candidates=("$ONEMALL_JAVA_HOME")
  else
    candidates=("${JAVA_HOME:-}")
    if command -v javac >/dev/null; then candidates+=("$(jdk_of "$(command -v javac)")"); fi
    candidates+=(/usr/lib/jvm/* /usr/java/* /opt/java/* "$HOME"/.sdkman/candidates/java/*
      "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home)
  fi
  for home in "${candidates[@]}"; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] || continue
    [ -f "$home/release" ] || home=$(jdk_of "$home/bin/javac")
    major=$(jdk_major "$home")
    if [ "${major:-0}" -ge 25 ]; then JAVA_HOME=$home; export JAVA_HOME; return; fi
    found+=("$home (${major:+version }${major:-no JAVA_VERSION in its file 'release'})")
  done
  die "needs a JDK >= 25, found ${found[*]:-none}. Get one from https://adoptium.net/temurin/releases/?version=25 or
    with 'sdk install java 25-tem' (https://sdkman.io), then call again; ONEMALL_JAVA_HOME=<folder> names it if it lies elsewhere."
}
