# Builds the Java modules, and starts them. A build is a folder of jars, class path and flags in target/launch, named by
# the hash of what it was built from: it appears whole or not at all, and does not touch what another process runs from.

# One launcher at a time changes what is set up; the lock ends with the process.
lock() {
  exec 9>"$root/.setup.lock"
  if command -v flock >/dev/null; then
    flock -n 9 || { say "another onemall is setting up here; waiting for it"; flock 9; }
  else
    perl -e 'use Fcntl ":flock"; open(my $lock, ">&=", 9) && flock($lock, LOCK_EX) or die "lock: $!"'
  fi
}
unlock() { exec 9>&-; }

# What the code is made of, beside its tests; and a config that the jars carry, which is settings and no code.
java_code=(pom.xml .mvn java orchestrator arrow-schemas)
python_code=(python/onemall python/requirements.lock)
java_settings=(configs/defaults.yaml)

files_of() { # paths in the checkout; their files, each ended by a zero
  find "$@" \( -name target -o -name __pycache__ -o -path '*/src/test' -o -name '*~' -o -name '.*.sw?' -o -name .DS_Store \) -prune \
    -o -type f -print0 | LC_ALL=C sort -z
}

content_of() { # paths in the checkout; their files' names and content
  (cd "$root" && files_of "$@" | tr '\0' '\n' && files_of "$@" | xargs -0 cat)
}

# The version of the code, which is part of the key of whatever a stage makes: other code, other artefacts.
code_version() { { echo "$jep_version $minilm"; content_of "${java_code[@]}" "${python_code[@]}"; } | hash_of; }

java_version() { { echo "$JAVA_HOME"; content_of "${java_code[@]}" "${java_settings[@]}"; } | hash_of; }

is_built() {
  local jar jars
  [ -f "$build/class-path" ] || return 1
  IFS=: read -ra jars <"$build/class-path"
  for jar in "${jars[@]}"; do [ -f "$jar" ] || return 1; done
}

maven() { (cd "$root" && ./mvnw -B -ntp "$@"); }

set_up_java() {
  build=$root/target/launch/$(java_version)
  is_built && return
  lock
  if ! is_built; then
    local new=$build.new
    say "builds the Java modules (20 seconds; the first time also loads their libraries, 2 minutes)"
    # Maven leaves what moved to another module where it was, and there it would be found first.
    rm -rf "$root"/java/*/target/classes "$root/orchestrator/target/classes"
    maven -q -pl orchestrator -am package -Dmaven.test.skip=true \
      org.apache.maven.plugins:maven-dependency-plugin:3.10.0:build-classpath \
      -Dmdep.outputFile=target/class-path -Dmdep.includeScope=runtime -Dmdep.excludeGroupIds=org.onemall >&2 ||
      die "the Java modules did not build: see above."
    [ "$build" = "$root/target/launch/$(java_version)" ] || die "the sources changed while they were built: call again."
    rm -rf "$new" "$build"
    mkdir -p "$new"
    cp "$root"/java/*/target/onemall-*.jar "$root"/orchestrator/target/onemall-*.jar "$new"
    cp "$root/orchestrator/target/class-path" "$new"
    sed -n 's:.*<jvm.flags>\(.*\)</jvm.flags>.*:\1:p' "$root/pom.xml" >"$new/flags"
    mv "$new" "$build"
    find "$root/target/launch" -mindepth 1 -maxdepth 1 -mtime +7 ! -path "$build" -exec rm -rf {} +
  fi
  unlock
}

start_java() {
  local flags
  read -ra flags <"$build/flags"
  # Threads that wait should sleep, not spin: the cores are often shared (LAB.md, "A second process and torch's threads").
  export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
  # No flag stops the JVM's warning of the incubator module. What it says before Main runs goes through a filter; then
  # Main makes descriptor 3, the real one, its standard error.
  exec 3>&2 2> >(exec grep --line-buffered -v '^WARNING: Using incubator modules' >&2)
  # shellcheck disable=SC2086 # ONEMALL_JAVA_OPTS is a list of flags
  exec "$JAVA_HOME/bin/java" "${flags[@]}" -Donemall.root="$root" -Donemall.code="$(code_version)" -Donemall.stderr=3 ${ONEMALL_JAVA_OPTS:-} \
    -cp "$build/*:$(cat "$build/class-path")" org.onemall.orchestrator.cli.Main "$@"
}

