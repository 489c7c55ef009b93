# Sourced by ./kiln and jmh-benchmarks/run: sets jdk to the home of a JDK 25, or says how to get one and exits with 3.
# KILN_JAVA_HOME chooses among several.

is_jdk25() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

java_on_path() { # The home of the java on the PATH, behind its links.
  local java link
  java=$(command -v java) || return 0
  while [ -L "$java" ]; do
    link=$(readlink "$java")
    case $link in
      /*) java=$link ;;
      *) java=$(dirname "$java")/$link ;;
    esac
  done
  dirname "$(dirname "$java")"
}

jdk=
for home in "${KILN_JAVA_HOME:-}" "${JAVA_HOME:-}" "$(java_on_path)" \
  /usr/lib/jvm/* /usr/java/* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
  /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
  /usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
  if is_jdk25 "$home"; then
    jdk=$home
    break
  fi
done
if [ -z "$jdk" ]; then
  {
    echo "kiln: no JDK 25 found, and Kiln needs one."
    echo "  Looked at KILN_JAVA_HOME, JAVA_HOME, the java on the PATH, /usr/lib/jvm, SDKMAN and macOS's folders."
    echo "  Install one (Temurin 25, say), or point at one: KILN_JAVA_HOME=/path/to/jdk-25 $0"
  } >&2
  exit 3
fi
if [ -n "${KILN_JAVA_HOME:-}" ] && [ "$jdk" != "$KILN_JAVA_HOME" ]; then
  echo "kiln: KILN_JAVA_HOME ($KILN_JAVA_HOME) is no JDK 25; using $jdk" >&2
fi
