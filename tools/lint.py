#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""House rules that a program can check. Each finding names what to use instead; `// lint: reason` on the line allows it."""
import re
import sys

import csource

# name -> what to use instead; in src/, apps/ and shim/
BANS = {
    "atof": "bfl_decimal_parse()", "strtod": "bfl_decimal_parse()", "strtof": "bfl_decimal_parse()",
    "sscanf": "bfl_decimal_parse() or bfl_text_split()", "scanf": "a reader", "fscanf": "a reader",
    "sprintf": "bfl_arena_printf() or snprintf()", "vsprintf": "bfl_arena_printf()",
    "strcpy": "bfl_arena_text()", "strncpy": "bfl_arena_text()", "strcat": "bfl_buf_add()", "strncat": "bfl_buf_add()",
    "strtok": "bfl_text_split()", "gets": "a reader", "alloca": "the arena",
    "localtime": "bfl_civil_day()", "gmtime": "bfl_civil_day()", "mktime": "bfl_civil_day()",
    "strftime": "bfl_date_format()", "setlocale": "nothing: output does not depend on the locale",
    "qsort": "bfl_sort(), which is stable", "rand": "a seeded generator that is passed in", "srand": "a seeded generator",
    "system": "nothing", "popen": "nothing", "tmpnam": "mkstemp()", "mktemp": "mkstemp()",
}
# as above; in src/ outside base
LIBRARY_BANS = {
    "malloc": "the arena", "calloc": "the arena", "realloc": "the arena", "free": "the arena", "strdup": "bfl_arena_text()",
    "strndup": "bfl_arena_text()", "fopen": "bfl_file_read() or bfl_file_write()", "time_t": "bfl_date", "time": "a day passed in",
    "getenv": "an option passed in", "exit": "a status", "abort": "a status", "printf": "a bfl_sink",
    "strtol": "bfl_decimal_parse()", "strtoul": "bfl_decimal_parse()", "atoi": "bfl_decimal_parse()",
}
FLOAT_FORMAT = re.compile(r"%[-+#0-9.*']*(?:l|L)?[fFeEgGaA]")
ESCAPE = re.compile(r"lint:\s*\S.{9,}")
CLINICAL_ROOMS = {"criteria", "marker", "flare", "workup", "sim"}
FREE_NUMBERS = {0, 1, 2, 100}
# A count of decimal places is typography: the last argument of these is free.
PLACES = {"bfl_decimal_divide", "bfl_decimal_round", "bfl_buf_decimal", "bfl_buf_double", "bfl_decimal_z", "bfl_decimal_from_double"}
CAPACITY_NAME = re.compile(r"_(SIZE|CAPACITY|COLUMNS)$")
BAD_FILE_NAME = re.compile(r"(^|[_-])(util|utils|utility|helper|helpers|misc|common)([_.-]|$)")
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:wor" + r"k|home|root|tmp/w" + r"t|tmp/b-|Users)/")
MAX_FUNCTION_LINES, MAX_COMPLEXITY, MAX_FILE_LINES = 100, 15, 800
SOURCE = (".c", ".h", ".cc", ".cpp")
TEXT = SOURCE + (".py", ".sh", ".md", ".toml", ".csv", ".json", ".build", ".txt", ".scd", ".html", ".yml", ".cff", ".cmd", ".out")


class Findings:
    def __init__(self):
        self.items = []

    def add(self, path, line, message, escapes=()):
        if line not in escapes:
            self.items.append(f"{path}:{line}: {message}")


def escaped_lines(tokens):
    return {t.line + t.text.count("\n") for t in tokens if t.kind == "comment" and ESCAPE.search(t.text)}


def check_bans(path, stream, found, escapes):
    """Banned functions, float formats, mutable static variables."""
    library = path.parts[0] == "src" and path.parts[1] != "base"
    for here, after in zip(stream, stream[1:] + stream[-1:]):
        if here.kind == "string" and FLOAT_FORMAT.search(here.text.replace("%%", "")):
            found.add(path, here.line, "a float format follows the host's locale; use bfl_buf_decimal() or bfl_buf_double()", escapes)
        if here.kind != "name" or (after.text != "(" and here.text != "time_t"):
            continue
        instead = BANS.get(here.text) or (LIBRARY_BANS.get(here.text) if library else None)
        if instead:
            found.add(path, here.line, f"{here.text}: use {instead}", escapes)


def check_mutable_static(path, stream, found, escapes):
    """No mutable static state in the library: it would be shared by threads."""
    for i, token in enumerate(stream):
        if token.text != "static" or token.kind != "name":
            continue
        declaration = []
        for t in stream[i + 1:]:
            if t.text in ("(", "=", ";", "[", "{"):
                if t.text == "(":
                    declaration = []
                break
            declaration.append(t.text)
        stars = [k for k, text in enumerate(declaration) if text == "*"]
        if declaration and "const" not in declaration[stars[-1] if stars else 0:]:
            found.add(path, token.line, f"mutable static '{declaration[-1]}': pass it in, or make it const", escapes)


def number_value(text):
    text = text.rstrip("uUlL")
    return float(int(text, 16)) if text.lower().startswith("0x") else float(text.rstrip("fF"))


def check_numbers(path, stream, found, escapes):
    """A number in a clinical room is a clinical number: it belongs to the rulebook."""
    calls = []
    for i, token in enumerate(stream):
        before = stream[i - 1] if i else token
        after = stream[i + 1] if i + 1 < len(stream) else token
        if token.text == "(":
            calls.append(before.text if before.kind == "name" else "")
        elif token.text == ")" and calls:
            calls.pop()
        if token.kind != "number" or number_value(token.text) in FREE_NUMBERS:
            continue
        if before.text == "[" and after.text == "]" and is_text_buffer(stream, i):
            continue
        if before.text == "=" and i > 1 and CAPACITY_NAME.search(stream[i - 2].text):
            continue
        if calls and (calls[-1] == "BFL_PRINTF" or calls[-1] in PLACES and after.text == ")"):
            continue
        found.add(path, token.line, f"number {token.text}: move it to rulebook/ and read it with bfl_rule_number()", escapes)


def is_text_buffer(stream, i):
    """`char name[48]`, also after a comma."""
    for t in reversed(stream[max(0, i - 16):i]):
        if t.text in (";", "{", "}", "("):
            return False
        if t.text == "char":
            return True
    return False


def check_functions(path, text, found, listed):
    for function in csource.functions(text):
        decisions = csource.complexity(function)
        if function.lines <= MAX_FUNCTION_LINES and decisions <= MAX_COMPLEXITY:
            continue
        key = f"{path}:{function.name}"
        if key in listed:
            listed[key] = True
            continue
        found.add(path, function.line, f"{function.name}() has {function.lines} lines and complexity {decisions} (at most "
                  f"{MAX_FUNCTION_LINES} and {MAX_COMPLEXITY}): split it, or list it with a reason in tools/long_functions.txt")


def long_functions(found):
    """The written exceptions: "path:function reason" per line; a reason is required."""
    listed = {}
    path = csource.ROOT / "tools/long_functions.txt"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        key, _, reason = line.partition(" ")
        if len(reason) < 10:
            found.add("tools/long_functions.txt", number, f"{key} needs a reason")
        listed[key] = False
    return listed


def check_code(found):
    listed = long_functions(found)
    for path in csource.files(*SOURCE, under=("src", "apps", "include", "shim", "examples")):
        text = csource.read(path)
        everything = csource.tokens(text)
        stream = [t for t in everything if t.kind not in ("comment", "directive")]
        escapes = escaped_lines(everything)
        if path.parts[0] in ("src", "apps", "shim"):
            check_bans(path, stream, found, escapes)
        if path.parts[0] == "src":
            check_mutable_static(path, stream, found, escapes)
        if path.parts[0] == "src" and path.parts[1] in CLINICAL_ROOMS:
            check_numbers(path, stream, found, escapes)
        check_functions(path, text, found, listed)
    for key, used in listed.items():
        if not used:
            found.add("tools/long_functions.txt", 1, f"{key} is short enough now: delete its line")


def check_files(found):
    for path in csource.files(*TEXT):
        text = (csource.ROOT / path).read_bytes().decode("utf-8", "replace")
        if path.suffix in SOURCE + (".py", ".sh"):
            if not any("SPDX-License-Identifier: Apache-2.0" in line for line in text.split("\n", 3)[:3]):
                found.add(path, 1, "the first lines need SPDX-License-Identifier: Apache-2.0")
            if text.count("\n") > MAX_FILE_LINES:
                found.add(path, MAX_FILE_LINES, f"over {MAX_FILE_LINES} lines: split it")
            if BAD_FILE_NAME.search(path.name) and path.parts[:2] != ("src", "base"):
                found.add(path, 1, "name a file after what it does, not util, helper, misc or common")
        if "corpora" in path.parts or "broken" in path.parts:
            continue
        for match in MACHINE_PATH.finditer(text):
            found.add(path, text.count("\n", 0, match.start()) + 1, f"a path of somebody's machine: {match.group()}")


def main():
    found = Findings()
    check_code(found)
    check_files(found)
    for item in found.items:
        print(item, file=sys.stderr)
    sys.exit(1 if found.items else 0)


if __name__ == "__main__":
    main()
