"""Reads what a Maven run left behind and lists what failed; run by scripts/test.

test_results.py HOME LOG MAVEN_STATUS LIST_FILE [--some]

HOME          the directory of the root pom.xml
LOG           what Maven printed
MAVEN_STATUS  Maven's exit status
LIST_FILE     receives one line for each failure
--some        only some tests were asked for: a module may have run none

Prints the failures, each with the place of its report. Exits with 1 if there is one: a test that failed or
was in error, a module that Maven could not build, or one whose tests did not run.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ET

LINE = 160
POM = "{http://maven.apache.org/POM/4.0.0}"
REACTOR = re.compile(r"^\[INFO\] (\S.*?) \.* ?(SUCCESS|FAILURE|SKIPPED)\b")
CLOSING = re.compile(r"^\[\w+\] Tests run: \d+, Failures: (\d+), Errors: (\d+), Skipped: \d+$")
GOAL = re.compile(r"^\[ERROR\] Failed to execute goal (\S+).* on project (\S+?): *(.*)$")
# The directory of each suite's reports, and the files that its tests are in.
SUITES = (("surefire-reports", "*Test.java"), ("failsafe-reports", "*IT.java"))


class Module:
    """A module of the build, by its directory."""

    def __init__(self, home, directory):
        pom = ET.parse(home / directory / "pom.xml").getroot()
        self.directory = directory
        self.path = home / directory
        self.artifact = pom.findtext(POM + "artifactId", "")
        self.name = pom.findtext(POM + "name", self.artifact)

    def reports(self, suite):
        return sorted((self.path / "target" / suite).glob("TEST-*.xml"))

    def has_tests(self, pattern):
        return any((self.path / "src" / "test" / "java").rglob(pattern))

    def has_run(self, suite):
        # Failsafe writes a summary even if every test of the module has a tag that is left out.
        return bool(self.reports(suite)) or (self.path / "target" / suite / "failsafe-summary.xml").exists()


def modules(home):
    root = ET.parse(home / "pom.xml").getroot()
    return [Module(home, "."), *(Module(home, m.text.strip()) for m in root.iter(POM + "module"))]


def first_line(text):
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return lines[0][:LINE] if lines else ""


def test_name(case):
    of_class, method = case.get("classname", ""), case.get("name", "")
    return f"{of_class}#{method}" if method and method != of_class else of_class


def failed_tests(home, module):
    """One entry for each test that failed: module, test, message, report."""
    for suite, _ in SUITES:
        for report in module.reports(suite):
            text = report.with_name(report.name[len("TEST-") : -len(".xml")] + ".txt")
            place = str((text if text.exists() else report).relative_to(home))
            try:
                cases = list(ET.parse(report).getroot().iter("testcase"))
            except ET.ParseError as error:
                yield module.directory, report.name, f"the report cannot be read: {error}", place
                continue
            for case in cases:
                for kind in ("failure", "error"):
                    for found in case.iter(kind):
                        message = first_line(found.get("message")) or first_line(found.text) or found.get("type", "")
                        yield module.directory, test_name(case), message, place


def reactor(lines, known):
    """What Maven says of each module: SUCCESS, FAILURE or SKIPPED. Empty for a build of one module."""
    names = {module.name: module for module in known}
    said = {}
    inside = False
    for line in lines:
        inside = inside or line.startswith("[INFO] Reactor Summary")
        match = REACTOR.match(line) if inside else None
        if match and match.group(1) in names:
            said[names[match.group(1)].directory] = match.group(2)
    return said


def reason(lines, module):
    """Why Maven could not build a module: the goal and the first thing it says."""
    for number, line in enumerate(lines):
        match = GOAL.match(line)
        if match and match.group(2) == module.artifact:
            goal = match.group(1).split(":")[-1]
            later = (found.removeprefix("[ERROR]").strip() for found in lines[number + 1 : number + 12])
            detail = next((found for found in later if found and not found.startswith(("See ", "->"))), "")
            return first_line(f"{goal}: {match.group(3).split(' -> ')[0].strip()} {detail}")
    return "Maven could not build it"


def failed_modules(lines, log, known, said, status):
    built_alone = [module for module in known if any(f" Building {module.name} " in line for line in lines)]
    if status != 0 and not said and len(built_alone) == 1:
        said = {built_alone[0].directory: "FAILURE"}
    for module in known:
        state = said.get(module.directory)
        if state == "FAILURE":
            yield module.directory, "the build", reason(lines, module), log
        elif state == "SKIPPED":
            yield module.directory, "all tests", "did not run: a module that it needs could not be built", log


def silent_modules(known, said, log):
    """Modules that were built, and have tests of which there is no report."""
    for module in known:
        if said.get(module.directory) == "SUCCESS":
            for suite, pattern in SUITES:
                if module.has_tests(pattern) and not module.has_run(suite):
                    yield module.directory, pattern.replace(".java", ""), "did not run: there are no reports of them", log


def main(home, log, status, list_file, some):
    home = pathlib.Path(home)
    lines = (home / log).read_text(errors="replace").splitlines()
    known = modules(home)
    said = reactor(lines, known)
    failures = [entry for module in known for entry in failed_tests(home, module)]
    counted = sum(int(a) + int(b) for a, b in (m.groups() for m in map(CLOSING.match, lines) if m))
    if counted and not failures:
        failures.append((".", "tests", f"{counted} failed, but no report says which", log))
    failures += failed_modules(lines, log, known, said, status)
    if not some:
        failures += silent_modules(known, said, log)
    if not failures and not any(module.reports(suite) for module in known for suite, _ in SUITES):
        failures.append((".", "all tests", "did not run: there is no report at all", log))
    if status != 0 and not failures:
        error = next((line.removeprefix("[ERROR]").strip() for line in lines if line.startswith("[ERROR]")), "")
        failures.append((".", "the build", first_line(error) or f"Maven ended with status {status}", log))
    pathlib.Path(list_file).write_text("".join(f"{where} {what}: {message}\n" for where, what, message, _ in failures))
    if failures:
        print(f"\nFailed ({len(failures)}):")
    for where, what, message, place in failures:
        print(f"  {where}  {what}\n      {message}\n      see {place}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], "--some" in sys.argv[5:]))
