"""The launcher names what a machine lacks, with the way to get it, and sets nothing up before it is sure."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "pom.xml",
    ".mvn/jvm.config",
    "java/core/src/main/java/Main.java",
    "java/core/src/test/java/MainTest.java",
    "orchestrator/pom.xml",
    "arrow-schemas/tables/items.json",
    "configs/defaults.yaml",
    "python/onemall/bridge.py",
    "python/requirements.lock",
)
VERBS = {
    re.search(r'name = "(\w+)"', text)[1]: text
    for text in (path.read_text() for path in sorted((ROOT / "orchestrator/src/main").rglob("*Verb.java")))
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The launcher and a few sources; stand-ins for a JDK 25, a Python and a build that fails; 5 GB of free disk."""
    shutil.copy(ROOT / "onemall", tmp_path)
    shutil.copytree(ROOT / "launcher", tmp_path / "launcher")
    for source in SOURCES:
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / source).write_text("<project>\n  <version>1.2.3</version>\n</project>\n")
    program(tmp_path / "mvnw", "exit 1")
    program(tmp_path / "jdk" / "bin" / "javac", "exit 0")
    (tmp_path / "jdk" / "release").write_text('JAVA_VERSION="25.0.1"\n')
    program(tmp_path / "base" / "python3", "echo /base/python3")
    program(tmp_path / "bin" / "df", "printf 'header\\n/dev/x 9 9 5242880 9%% /\\n'")
    return tmp_path


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def launch(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "ONEMALL_JAVA_HOME": str(checkout / "jdk"),
        "ONEMALL_PYTHON": str(checkout / "base" / "python3"),
        "PATH": f"{checkout / 'bin'}:{os.environ['PATH']}",
    }
    return subprocess.run(
        [str(checkout / "onemall"), *arguments],
        env={**os.environ, **settings, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(finished: subprocess.CompletedProcess[str]) -> str:
    assert finished.returncode == 1, finished.stderr
    return finished.stderr


def test_without_arguments_it_shows_help_and_needs_nothing(checkout: Path) -> None:
    finished = launch(checkout, ONEMALL_JAVA_HOME="/nowhere")
    assert finished.returncode == 0
    assert "./onemall run" in finished.stdout


def test_an_old_jdk_is_named_with_the_way_to_a_newer_one(checkout: Path) -> None:
    (checkout / "jdk" / "release").write_text('JAVA_VERSION="17.0.15"\n')
    message = refusal(launch(checkout, "run"))
    assert "JDK >= 25" in message
    assert f"{checkout / 'jdk'} (version 17)" in message
    assert "adoptium" in message


def test_a_python_without_shared_library_is_named_with_the_way_to_one_that_has_it(checkout: Path) -> None:
    program(checkout / "base" / "python3", "echo has no shared libpython; exit 1")
    message = refusal(launch(checkout, "run"))
    assert f"{checkout / 'base' / 'python3'} has no shared libpython" in message
    assert "uv python install" in message
    assert not (checkout / ".venv").exists()


def test_a_full_disk_is_named_before_anything_is_made(checkout: Path) -> None:
    message = refusal(launch(checkout, "run"))
    assert "needs 8 GB" in message
    assert "found 5 GB" in message
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("verb", VERBS)
def test_python_is_set_up_for_the_verbs_that_open_networks_and_for_no_other(checkout: Path, verb: str) -> None:
    message = refusal(launch(checkout, "--verbose", verb))
    opens_networks = "org.onemall.bridge" in VERBS[verb]
    assert ("needs 8 GB" if opens_networks else "the Java modules did not build") in message
    assert "the Java modules did not build" in refusal(launch(checkout, verb, "--help"))


def test_a_folder_that_only_links_into_a_jdk_stands_for_the_jdk(checkout: Path) -> None:
    (checkout / "usr" / "bin").mkdir(parents=True)
    (checkout / "usr" / "bin" / "javac").symlink_to(checkout / "jdk" / "bin" / "javac")
    for variable in ("JAVA_HOME", "ONEMALL_JAVA_HOME"):
        settings = {"ONEMALL_JAVA_HOME": ""} | {variable: str(checkout / "usr")}
        assert "needs 8 GB" in refusal(launch(checkout, "run", **settings))


def test_a_jdk_that_does_not_say_its_version_is_named(checkout: Path) -> None:
    (checkout / "jdk" / "release").unlink()
    assert f"{checkout / 'jdk'} (no JAVA_VERSION in its file 'release')" in refusal(launch(checkout, "run"))


def test_the_version_is_known_before_anything_is_set_up(checkout: Path) -> None:
    finished = launch(checkout, "--version", ONEMALL_JAVA_HOME="/nowhere")
    assert re.fullmatch(r"onemall 1\.2\.3 \(code [0-9a-f]{16}\)\n", finished.stdout), finished.stderr


def test_the_code_version_follows_code_and_nothing_else(checkout: Path) -> None:
    versions = {launch(checkout, "--version").stdout}
    for unrelated in (
        "java/core/target/Main.java",
        "java/core/src/test/java/MainTest.java",
        "configs/defaults.yaml",
    ):
        (checkout / unrelated).parent.mkdir(parents=True, exist_ok=True)
        (checkout / unrelated).write_text("other")
        versions.add(launch(checkout, "--version").stdout)
    assert len(versions) == 1
    code = [source for source in SOURCES if "test" not in source and "configs" not in source]
    for source in code:
        (checkout / source).write_text("<project>\n  <version>1.2.3</version>\n\n</project>\n")
        versions.add(launch(checkout, "--version").stdout)
    (checkout / "python/onemall/bridge.py").rename(checkout / "python/onemall/other.py")
    versions.add(launch(checkout, "--version").stdout)
    assert len(versions) == 1 + len(code) + 1


def test_the_build_follows_every_config_that_the_jars_carry(checkout: Path) -> None:
    pom = (ROOT / "orchestrator" / "pom.xml").read_text()
    carried = re.search(r"<directory>../configs</directory><includes>(.*?)</includes>", pom)
    settings = shell(checkout, 'printf "%s\\n" "${java_settings[@]}"').split()
    assert settings == [f"configs/{name}" for name in re.findall(r"<include>(.*?)</include>", carried[1])]
    before = shell(checkout, "java_version")
    (checkout / settings[0]).write_text("other")
    assert shell(checkout, "java_version") != before


def test_a_build_finds_nothing_of_the_build_before(checkout: Path) -> None:
    stale = [checkout / module / "target" / "classes" / "page.js" for module in ("java/core", "orchestrator")]
    for file in stale:
        file.parent.mkdir(parents=True)
        file.write_text("moved to another module since")
    assert "did not build" in refusal(launch(checkout, "stages"))
    assert not any(file.exists() for file in stale)


def test_what_the_jvm_says_of_the_incubator_module_is_left_out_and_nothing_else(checkout: Path) -> None:
    program(
        checkout / "jdk" / "bin" / "java",
        'echo "WARNING: Using incubator modules: v" >&2; echo "other" >&2\n'
        'exec 2>&3; echo "ours $*" >&2; echo out; exit 3',
    )
    build = "build=$root/build; mkdir $build; echo a.jar >$build/class-path; echo -Dx >$build/flags;"
    started = shell(checkout, build + '(start_java run 2>&1) || echo "status $?"')
    assert "incubator" not in started
    assert {"other", "out", "status 3"} <= set(started.splitlines())
    assert f"ours -Dx -Donemall.root={checkout} -Donemall.code=" in started


def shell(checkout: Path, commands: str) -> str:
    """What `commands` print where the launcher's parts are at hand, with nothing left to set up."""
    known = (
        f"set -euo pipefail; root={checkout}; venv={checkout}/.venv; JAVA_HOME={checkout}/jdk;"
        'say() { :; }; hash_of() { sha256sum; }; wrong_use() { echo "$@"; exit 2; };'
        'for part in python build test; do . "$root/launcher/$part.sh"; done;'
        "set_up_everything() { :; }; lock() { :; }; unlock() { :; };"
    )
    finished = subprocess.run(
        ["bash", "-c", known + commands], cwd=checkout, capture_output=True, text=True, timeout=60, check=False
    )
    return finished.stdout


@pytest.mark.parametrize(
    ("arguments", "ran"),
    [
        (
            "",
            ["ruff", "ruff", "mypy", "vulture", "mvnw -q spotless:check", "mvnw verify", "pytest test_a.py test_b.py"],
        ),
        ("form", ["ruff", "ruff", "mypy", "vulture", "mvnw -q spotless:check"]),
        ("java", ["mvnw verify -Dtest=!org.onemall.story.*"]),
        ("java TrieTest", ["mvnw verify -Dtest=TrieTest"]),
        ("story", ["mvnw verify -Dtest=org.onemall.story.* -pl tests -am"]),
        ("python", ["pytest test_a.py test_b.py"]),
        ("python test_b", ["pytest test_b.py"]),
        ("python tests/python/test_b.py", ["pytest test_b.py"]),
        ("python adds", ["pytest -k adds test_a.py test_b.py"]),
    ],
)
def test_a_layer_or_one_of_its_tests_can_be_run_alone(checkout: Path, arguments: str, ran: list[str]) -> None:
    calls = checkout / "calls"
    for tool in ("ruff", "mypy", "vulture"):
        program(checkout / ".venv" / "bin" / tool, f"echo {tool} >>{calls}")
    program(checkout / ".venv" / "bin" / "python3", f'case $3 in pytest) echo "pytest $@" >>{calls};; esac')
    program(checkout / "mvnw", f'echo "mvnw $@" >>{calls}')
    for name in ("test_a.py", "test_b.py"):
        (checkout / "tests" / "python").mkdir(parents=True, exist_ok=True)
        (checkout / "tests" / "python" / name).write_text("")
    (checkout / "java/bridge/src/test/python").mkdir(parents=True)
    shell(checkout, f"run_tests {arguments}")
    noise = r"tests/python/| -B -ntp| -fae| -D(maven|surefire)\S+| -I -m pytest -c \S+ --\S+ --\S+"
    found = [re.sub(noise, "", line) for line in calls.read_text().splitlines()]
    assert found == ran


def test_a_layer_whose_tests_did_not_run_fails(tmp_path: Path) -> None:
    summary = ["python3", str(ROOT / "tests" / "summary.py"), "2", str(tmp_path)]
    for expected, closing in (
        ("java,python", "2 passed, 2 failed"),
        ("java", "2 passed, 1 failed"),
        ("", "2 passed, 0 failed"),
    ):
        finished = subprocess.run([*summary, expected], capture_output=True, text=True, timeout=60, check=False)
        assert finished.stdout.splitlines()[-1] == closing


@pytest.mark.parametrize("arguments", ["everything", "form ruff", "python test_a test_b"])
def test_wrong_layers_are_refused(checkout: Path, arguments: str) -> None:
    finished = launch(checkout, "test", *arguments.split())
    assert finished.returncode == 2
    assert arguments.split()[-1] in finished.stderr
