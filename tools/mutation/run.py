#!/usr/bin/env python3
"""Does a test notice? Builds a copy of the tree in which every mutant of mutants.py sleeps behind a switch, then runs the tests once for each of them.

    tools/mutation/run.py [--work DIR] [--only 3,7-9] [--seconds 180]

One build for all: a mutant is chosen by AUGUR_MUTANT in the environment of the tests, 0 is the code as it is. The tests that should notice run first; a mutant that
passes them is tried on all tests of Pipelines, Caching and Networks with --thorough.
"""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys

from mutants import MUTANTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
LATE = "not in time"
SWITCH = """namespace Augur;

internal static class ActiveMutant
{
    public static readonly int Number = int.Parse(System.Environment.GetEnvironmentVariable("AUGUR_MUTANT") ?? "0");
}
"""


def parts(text):
    before, rest = text.split("«")
    part, after = rest.split("»")
    return before, part, after


def planted(source, name, mutants):
    """The source with all its mutants; those of one place stand behind each other."""
    places = {}
    for number, text, instead in mutants:
        before, part, after = parts(text)
        whole = before + part + after
        if source.count(whole) != 1:
            sys.exit(f"mutant {number}: {name} holds {whole!r} {source.count(whole)} times")
        places.setdefault((source.index(whole) + len(before), part), []).append((number, instead))
    for (start, part), there in sorted(places.items(), reverse=True):
        text = part
        for number, instead in there:
            text = f"if (global::Augur.ActiveMutant.Number == {number}) {{ {instead} }} else {{ {text} }}" if part.endswith(";") \
                else f"(global::Augur.ActiveMutant.Number == {number} ? ({instead}) : ({text}))"
        source = source[:start] + text + source[start + len(part):]
    return source


def plant(work):
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, work / name)
    for name in dict.fromkeys(m[0] for m in MUTANTS):
        path = work / "src" / name
        path.write_text(planted(path.read_text(), name, [(i, m[1], m[2]) for i, m in enumerate(MUTANTS, 1) if m[0] == name]))
    for project in {m[0].split("/")[0] for m in MUTANTS}:
        (work / "src" / project / "ActiveMutant.cs").write_text(SWITCH)


def chosen(text):
    for piece in text.split(",") if text else [f"1-{len(MUTANTS)}"]:
        first, _, last = piece.partition("-")
        yield from range(int(first), int(last or first) + 1)


def survives(work, number, tests, seconds):
    """None: killed; otherwise what the run said last."""
    wanted = "|".join(t if "~" in t else f"FullyQualifiedName~{t}" for t in tests.split("|"))
    command = ["dotnet", "test", "tests/Augur.Tests", "-c", "Release", "--no-build", "--nologo", "--filter", wanted, "--", "xUnit.StopOnFail=true"]
    with subprocess.Popen(command, cwd=work, env=os.environ | {"AUGUR_MUTANT": str(number)}, stdout=subprocess.PIPE, text=True, start_new_session=True) as run:
        try:
            said, _ = run.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)  # the tests run in a process of their own, perhaps for ever
            return None if number else LATE
    return said.strip().splitlines()[-1] if run.returncode == 0 else None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", default="/tmp/augur-mutation", help="where the copy is built; kept for the next run")
    options.add_argument("--only", default="", help="numbers of mutants, such as 3,7-9")
    options.add_argument("--seconds", type=int, default=240, help="of one run; one that takes longer counts as killed")
    options.add_argument("--thorough", action="store_true", help="try what survives on all tests of Pipelines, Caching and Networks")
    options.add_argument("--no-build", action="store_true", help="the copy is built already")
    given = options.parse_args()
    work = pathlib.Path(given.work)
    if not given.no_build:
        plant(work)
        subprocess.run(["dotnet", "build", "tests/Augur.Tests", "-c", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-v", "q", "--nologo"],
                       cwd=work, check=True)
    numbers = list(chosen(given.only))
    control = survives(work, 0, "|".join(dict.fromkeys(t for n in numbers for t in MUTANTS[n - 1][3].split("|"))), given.seconds * 5)
    if control in (None, LATE):
        sys.exit("the tests do not pass on the code as it is" if control is None else "the tests of the code as it is take longer than five times --seconds")
    print(f"as it is: {control}", flush=True)
    survivors = []
    for number in numbers:
        name, text, instead, tests = MUTANTS[number - 1]
        said = survives(work, number, tests, given.seconds)
        if said and given.thorough:
            said = survives(work, number, "Pipelines|Caching|Networks", given.seconds * 5)
        survivors += [number] if said else []
        print(f"{'SURVIVED' if said else 'killed  '} {number:3} {name}: {parts(text)[1]} -> {instead or 'nothing'}", flush=True)
    print(f"{len(survivors)} survived: {survivors}")


if __name__ == "__main__":
    main()
