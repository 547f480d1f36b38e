"""Sums up `./onemall test`: checks of form, JUnit and pytest reports. Closes with `N passed, N failed`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree


def main(checks_passed: int, root: Path, expected: list[str], checks_failed: list[str]) -> int:
    """`expected` names the languages of which at least one test must have run: java, python."""
    passed, failed, skipped = checks_passed, [f"check: {name}" for name in checks_failed], []
    java = sorted(path for path in root.glob("**/target/surefire-reports/TEST-*.xml") if ".venv" not in path.parts)
    python = sorted((root / "target" / "test").glob("pytest.xml"))
    for language, reports in (("java", java), ("python", python)):
        cases = [case for path in reports for case in _cases(path)]
        if language in expected and not cases:
            failed.append(f"check: no {language} test ran")
        for name, outcome in cases:
            if outcome in ("failure", "error"):
                failed.append(f"test: {name}")
            elif outcome == "skipped":
                skipped.append(name)
            else:
                passed += 1
    lines = [f"skipped {name}" for name in skipped] + [f"FAILED {name}" for name in failed]
    sys.stdout.write("\n".join([*lines, f"{passed} passed, {len(failed)} failed"]) + "\n")
    return 1 if failed else 0


def _cases(path: Path) -> Iterator[tuple[str, str]]:
    """Names and outcomes ('' for passed) of a report's test cases."""
    for case in ElementTree.parse(path).iter("testcase"):
        outcomes = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        yield f"{case.get('classname')}.{case.get('name')}", outcomes[0] if outcomes else ""


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split(","), sys.argv[4:]))
