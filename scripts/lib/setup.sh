# What the scripts share: where Millrace is, what it needs, and the build. Sourced, never run.

MILLRACE_HOME="${MILLRACE_HOME:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}"
export MILLRACE_HOME
MILLRACE_JAR="$MILLRACE_HOME/workers/target/millrace-workers.jar"
BUILD_STAMP="$MILLRACE_HOME/workers/target/.built"
BUILD_LOG="$MILLRACE_HOME/.millrace/log/build.log"

# Ends the script: what is wrong, then what to do, each on a line of its own.
die() {
  printf 'millrace: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit "${DIE_CODE:-2}"
}

# Sets JAVA to a java of JDK 17. Reads the release file beside it, which is quicker than asking it.
find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    JAVA="$JAVA_HOME/bin/java"
    [ -x "$JAVA" ] || die "JAVA_HOME is '$JAVA_HOME', but there is no bin/java in it." \
      "Point JAVA_HOME to a JDK 17, or unset it to use the java on PATH."
  else
    JAVA="$(command -v java)" || die "no java found on PATH, and JAVA_HOME is not set." \
      "Install JDK 17, for example: apt-get install openjdk-17-jdk-headless"
  fi
  local release version
  release="$(dirname "$(dirname "$(readlink -f "$JAVA")")")/release"
  version="$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release" 2>/dev/null || true)"
  if [ -z "$version" ]; then
    version="$("$JAVA" -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p')"
  fi
  [ "$version" = 17 ] || die "Millrace needs JDK 17, but $JAVA is version ${version:-unknown}." \
    "Install JDK 17 and set JAVA_HOME to it."
}

require_python() {
  command -v python3 >/dev/null || die "no python3 found on PATH; some of the local servers are installed with pip." \
    "Install Python 3 with venv, for example: apt-get install python3 python3-venv"
}

require_maven() {
  command -v mvn >/dev/null || die "no mvn found on PATH, and Millrace is not built yet." \
    "Install Maven 3.8 or newer, for example: apt-get install maven"
  local bin
  bin="$(dirname "$(readlink -f "$JAVA")")"
  [ -x "$bin/javac" ] || die "$JAVA belongs to a JRE: there is no javac beside it, so nothing can be built." \
    "Install JDK 17 (with javac) and set JAVA_HOME to it."
}

# Installs a Debian package, the last word, if we are root on Debian; fails if not.
apt_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  printf 'Installing %s, once.\n' "${*: -1}" >&2
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@"; } >/dev/null
}

# The proxy before several replicas that serve: a test starts it. Root on Debian gets it installed.
require_nginx() {
  PATH="$PATH:/usr/sbin" command -v nginx >/dev/null && return
  apt_install nginx-light && return
  die "no nginx found: the tests of several replicas need it." \
    "Install it, for example: apt-get install nginx-light"
}

# The one test of Temporal's Web UI is skipped without a browser.
want_chromium() {
  command -v chromium chromium-browser google-chrome >/dev/null && return
  apt_install --no-install-recommends chromium && return
  printf 'No chromium found: WebUiIT will be skipped. Install it, for example: apt-get install chromium\n' >&2
}

# Whether a source or pom is newer than what was built from it.
build_is_current() {
  local module reference="$MILLRACE_JAR"
  for module in workers flink stack; do
    [ -d "$MILLRACE_HOME/$module/target/lib" ] || return 1
  done
  [ -f "$MILLRACE_JAR" ] || return 1
  [ "$BUILD_STAMP" -nt "$MILLRACE_JAR" ] && reference="$BUILD_STAMP"
  [ -z "$(cd "$MILLRACE_HOME" && find pom.xml {core,engine,stack,flink,workflows,activities,serving,workers}/{pom.xml,src/main} \
    -newer "$reference" -print -quit)" ]
}

# Builds the jars that run, once, without tests. Two at the same time: the second waits, then finds it done.
ensure_built() {
  [ "${MILLRACE_SKIP_BUILD:-}" = 1 ] && return
  build_is_current && return
  require_maven
  mkdir -p "$(dirname "$BUILD_LOG")"
  chmod go-rw "$MILLRACE_HOME/.millrace" # what lies there is its owner's
  (
    if command -v flock >/dev/null; then flock 9; fi
    build_is_current || run_build
  ) 9>"$MILLRACE_HOME/.millrace/build.lock"
}

run_build() {
  local started=$SECONDS maven started_at
  started_at="$(mktemp "$MILLRACE_HOME/.millrace/build.XXXXXX")"
  printf 'Building Millrace (the first time downloads libraries); log: %s\n' "${BUILD_LOG#"$PWD/"}" >&2
  (cd "$MILLRACE_HOME" && exec mvn -B -pl workers,flink,stack -am -Dmaven.test.skip=true -Dspotless.check.skip=true package \
    9>&- </dev/null >"$BUILD_LOG" 2>&1) &
  maven=$!
  trap 'kill "$maven" 2>/dev/null; rm -f "$started_at"; exit 130' INT TERM
  while [ -t 2 ] && kill -0 "$maven" 2>/dev/null; do
    printf '\r\033[K  %3d s  %s' $((SECONDS - started)) \
      "$(sed -n 's/^\[INFO\] Building \(Millrace [a-z]*\).*\(\[[0-9/]*\]\)$/\1 \2/p' "$BUILD_LOG" | tail -1)" >&2
    sleep 0.5
  done
  local status=0
  wait "$maven" || status=$?
  trap - INT TERM
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
  if [ "$status" -ne 0 ]; then
    rm -f "$started_at"
    grep -m 8 '^\[ERROR\]' "$BUILD_LOG" >&2 || tail -5 "$BUILD_LOG" >&2
    DIE_CODE=1 die "the build failed after $((SECONDS - started)) s." "Look at $BUILD_LOG"
  fi
  # Stamped with the time it began: what was saved meanwhile is built the next time.
  touch -r "$started_at" "$BUILD_STAMP"
  rm -f "$started_at"
  printf 'Built in %d s.\n' $((SECONDS - started)) >&2
}

# The classes of the commands as the JVM keeps them in memory: half the processor time of a command. Made once after a
# build, in the background; a command that finds none, or one of another build, does without.
CLASS_ARCHIVE="$MILLRACE_HOME/workers/target/millrace-cli.jsa"

make_class_archive() {
  local made="$CLASS_ARCHIVE.$$"
  local classpath="$MILLRACE_JAR:$MILLRACE_HOME/workers/target/lib/*"
  if command -v flock >/dev/null; then flock -n 9 || return 0; fi
  nice -n 19 "$JAVA" -XX:TieredStopAtLevel=1 -Xshare:off -XX:+UseSerialGC -XX:DumpLoadedClassList="$made.classes" \
    -cp "$classpath" io.millrace.workers.cli.ArchiveTraining &&
    nice -n 19 "$JAVA" -XX:+UseSerialGC -Xshare:dump -XX:SharedClassListFile="$made.classes" -XX:SharedArchiveFile="$made" \
      -XX:ErrorFile="$made.error" -cp "$classpath" &&
    mv "$made" "$CLASS_ARCHIVE" || : >"$CLASS_ARCHIVE" # empty: not tried again before the next build
  rm -f "$made" "$made.classes" "$made.error" # some JVMs 17 crash now and then as they dump
}

# Replaces this shell by Java. Flags for a quick start: most commands end within a second.
run_millrace() {
  local tty=false archive=()
  [ -t 1 ] && tty=true
  if [ -s "$CLASS_ARCHIVE" ] && [ "$CLASS_ARCHIVE" -nt "$MILLRACE_JAR" ]; then
    # Without logs: the JVM would say on the standard output that an archive is of other libraries.
    archive=(-XX:SharedArchiveFile="$CLASS_ARCHIVE" -Xlog:disable -Xlog:all=error:stderr)
  elif [ ! "$CLASS_ARCHIVE" -nt "$MILLRACE_JAR" ] && [ -w "$MILLRACE_HOME/workers/target" ]; then
    (make_class_archive 9>"$CLASS_ARCHIVE.lock" </dev/null >/dev/null 2>&1 &)
  fi
  local netty=io.grpc.netty.shaded.io.netty
  exec "$JAVA" -XX:TieredStopAtLevel=1 -Xshare:auto "${archive[@]}" -XX:+UseSerialGC -XX:CICompilerCount=1 -XX:-UsePerfData -Xmx512m \
    -D$netty.leakDetection.level=disabled -D$netty.allocator.type=unpooled -D$netty.eventLoopThreads=1 \
    -Dmillrace.tty=$tty -Dmillrace.columns="${COLUMNS:-$(tput cols 2>/dev/null || echo 80)}" ${MILLRACE_JAVA_OPTS:-} \
    -cp "$MILLRACE_JAR:$MILLRACE_HOME/workers/target/lib/*" io.millrace.workers.cli.Millrace "$@"
}
