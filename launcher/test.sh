# ./onemall test [LAYER [NAME]]: checks and tests, which end with `N passed, N failed`; and ./onemall format.

python_folders=(python java/bridge/src/test/python tests)

run_tests() { # [layer [name]]
  local layer=${1:-all} name=${2:-} passed=0 failed=() expected
  case $layer:$name in
    all:) expected=java,python ;;
    form:) expected= ;;
    java:* | story:*) expected=java ;;
    python:*) expected=python ;;
    form:*) wrong_use "test form takes no name, found: $name" ;;
    *) wrong_use "there is no layer of tests named '$layer'; there are form, java, python and story" ;;
  esac
  [ $# -le 2 ] || wrong_use "test takes a layer and a name, found besides: ${*:3}"
  set_up_everything
  lock
  cd "$root"
  mkdir -p target/test
  find . -path ./.venv -prune -o -type d -name surefire-reports -prune -exec rm -rf {} +
  rm -f target/test/*.xml
  case $layer in
    all) test_form; test_java; test_python ;;
    form) test_form ;;
    java) test_java "-Dtest=${name:-!org.onemall.story.*}" ;;
    story) test_java "-Dtest=org.onemall.story.${name:-*}" -pl tests -am ;;
    python) test_python "$name" ;;
  esac
  unlock
  "$venv/bin/python3" -I tests/summary.py "$passed" "$root" "$expected" ${failed[@]+"${failed[@]}"}
}

check() { # name command...
  local name=$1
  shift
  say "checks: $name"
  if "$@" >&2; then passed=$((passed + 1)); else failed+=("$name"); fi
}

in_folder() { (cd "$1" && "${@:2}"); }

test_form() {
  check "ruff format" "$venv/bin/ruff" format --check --config python/pyproject.toml "${python_folders[@]}"
  check "ruff" "$venv/bin/ruff" check --config python/pyproject.toml "${python_folders[@]}"
  check "mypy" in_folder python "$venv/bin/mypy" --config-file pyproject.toml
  check "vulture" in_folder python "$venv/bin/vulture" --config pyproject.toml
  check "spotless" maven -q spotless:check
}

test_java() { # options of Maven
  say "builds and tests the Java modules (all of them: minutes)"
  check "maven" maven -fae -Dmaven.test.failure.ignore=true -Dsurefire.failIfNoSpecifiedTests=false verify "$@"
}

test_python() { # [a test file, with or without its folder and ending; or part of tests' names]
  local name=${1:-} file files=() selected=()
  while IFS= read -r file; do files+=("$file"); done < <(find "${python_folders[@]}" -name 'test_*.py' -not -path '*/.*' | LC_ALL=C sort)
  for file in "${files[@]}"; do
    case $name in "$file" | "${file##*/}" | "$(basename "$file" .py)") selected=("$file") ;; esac
  done
  [ "${#selected[@]}" -gt 0 ] || selected=(${name:+-k "$name"} "${files[@]}")
  say "tests the Python package (all of it: minutes)"
  check "pytest" pytest_unless_broken "${selected[@]}"
}

# 1 says that tests failed, which the report says too; anything above is pytest's own failure.
pytest_unless_broken() {
  local status=0
  "$venv/bin/python3" -I -m pytest -c python/pyproject.toml --rootdir=. --junitxml=target/test/pytest.xml "$@" || status=$?
  [ "$status" -le 1 ]
}

format() {
  set_up_everything
  cd "$root"
  "$venv/bin/ruff" check --quiet --fix-only --select I --config python/pyproject.toml "${python_folders[@]}"
  "$venv/bin/ruff" format --config python/pyproject.toml "${python_folders[@]}"
  maven -q spotless:apply
}
