"""The launcher names what a machine lacks, with the way to get it, and sets nothing up before it is sure."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the launcher, a stand-in for a JDK 25, one for a good Python, and a disk with 5 GB free."""
    shutil.copy(ROOT / "onemall", tmp_path)
    program(tmp_path / "jdk" / "bin" / "javac", "exit 0")
    (tmp_path / "jdk" / "release").write_text('JAVA_VERSION="25.0.1"\n')
    program(tmp_path / "python", "echo /base/python3")
    program(tmp_path / "bin" / "df", "printf 'header\\n/dev/x 9 9 5242880 9%% /\\n'")
    return tmp_path


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def launch(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "ONEMALL_JAVA_HOME": str(checkout / "jdk"),
        "ONEMALL_PYTHON": str(checkout / "python"),
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
    program(checkout / "python", "echo has no shared libpython; exit 1")
    message = refusal(launch(checkout, "run"))
    assert f"{checkout / 'python'} has no shared libpython" in message
    assert "uv python install" in message
    assert not (checkout / ".venv").exists()


def test_a_full_disk_is_named_before_anything_is_made(checkout: Path) -> None:
    message = refusal(launch(checkout, "run"))
    assert "needs 8 GB" in message
    assert "found 5 GB" in message
    assert not (checkout / ".venv").exists()


def test_tests_take_no_arguments(checkout: Path) -> None:
    finished = launch(checkout, "test", "everything")
    assert finished.returncode == 2
    assert "everything" in finished.stderr
