# Sourced by ./kiln and by bin/kiln of a distribution: start_kiln runs the command with a JDK's java.

# One process at a time, where the system has flock; the others find the work done.
unless() { # LOCK CHECK MAKE
  local result
  "$2" && return 0
  if ! command -v flock >/dev/null; then
    "$3"
    return
  fi
  exec 9>"$1"
  flock 9
  "$2" || "$3" 9>&-
  result=$?
  exec 9>&-
  return $result
}

archived() {
  local file
  [ -f "$archive.for" ] && [ "$(<"$archive.for")" = "$(<"$jdk/release")" ] || return 1
  for file in "$jar" "$libraries"/*.jar; do
    [ "$archive.for" -nt "$file" ] || return 1
  done
}

classes_of() { # FILE COMMAND…: runs a command and lists the classes that it loads.
  local list=$1
  shift
  "${java[@]}" -Xlog:disable -XX:DumpLoadedClassList="$list" -cp "$classpath" dev.kiln.cli.Main "$@"
}

archive() {
  local work=$archives/making
  {
    rm -rf "$work" "$archive".*
    mkdir -p "$work"
    # What large work needs too: the classes of vectors and of what computes.
    local m='linspace(0, 1, 250000).reshape(500, 500)'
    classes_of "$work/5" eval "abs(rfft(sort(cumulative_sum((exp(sin($m)) / sum(exp($m), axis=1, keepdims=True)) @ $m, \
      axis=1), axis=1))).std(axis=0).sum()" &
    classes_of "$work/1" eval 'round(sin(linspace(0, 1, 5))[1:] ** 2 * 3 - 1).sum()' --explain &
    classes_of "$work/2" eval --help
    wait
    classes_of "$work/3" doctor &
    classes_of "$work/4" eval 'linspace(0, 1, 5) ** 2'
    wait
    # A list's own numbers are dropped, and what would link picocli's classes: old class files are archived unlinked.
    awk '/^#|^@cp |^@.*picocli/ { next } { sub(/ id: .*/, "") } !seen[$0]++' "$work"/[1-5] >"$work/classes"
    "${java[@]}" -Xlog:disable -Xshare:dump -XX:SharedClassListFile="$work/classes" \
      -XX:SharedArchiveFile="$work/archive" -cp "$classpath" && mv "$work/archive" "$archive.jsa"
    cp "$jdk/release" "$archive.for"
    rm -rf "$work"
  } >/dev/null 2>&1 </dev/null
  return 0
}

start_kiln() { # JDK JAR LIBRARIES ARCHIVES ARGUMENT…: folders of a JDK, of the jars beside the command's, of archives
  jdk=$1 jar=$2 libraries=$3 archives=$4
  shift 4

  # --- The command line of Java, the same each time: archives of classes depend on it.
  classpath=$jar
  local library
  for library in "$libraries"/*.jar; do
    [ "$library" = "$jar" ] || classpath=$classpath:$library
  done
  java=("$jdk/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
    -Djava.awt.headless=true -Djdk.reflect.useNativeAccessorOnly=true -Xshare:auto)
  # The heap on pages of 2 MiB, where the system has them: fewer to be made at their first touch, and to be looked up.
  grep -qsE '\[(always|madvise)\]' /sys/kernel/mm/transparent_hugepage/enabled && java+=(-XX:+UseTransparentHugePages)

  # --- A quick start: the classes that commands load, kept parsed in an archive (class-data sharing). There is
  # one for each JDK, made when it is missing, older than a jar, or made by another release. The JVM looks for itself
  # whether an archive fits, and does without one that does not. The file .for names the release it was made for, and
  # stands alone where none could be made, so that nobody tries each time.
  archive=$archives/${jdk//[!A-Za-z0-9.-]/_}
  if mkdir -p "$archives" 2>/dev/null && [ -w "$archives" ]; then
    unless "$archives/lock" archived archive
  fi
  # A warning that an archive does not fit is nothing to the user.
  [ -f "$archive.jsa" ] && java+=(-XX:SharedArchiveFile="$archive.jsa" -Xlog:cds=off -Xlog:aot=off)

  # --- Java. It announces the incubating Vector API on stderr before anything else, on every start: that one line is
  # dropped, lines before it and all bytes after it are passed on as they are. Signals are Java's to answer.
  exec 2> >(
    trap '' INT TERM HUP
    exec >&2
    while IFS= read -r line; do
      [ "$line" = "WARNING: Using incubator modules: jdk.incubator.vector" ] && exec cat
      printf '%s\n' "$line"
    done
    printf '%s' "$line"
  )
  # shellcheck disable=SC2086 # KILN_JAVA_OPTS is a list of words.
  exec "${java[@]}" ${KILN_JAVA_OPTS:-} -cp "$classpath" dev.kiln.cli.Main "$@"
}
