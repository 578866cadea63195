# SPDX-License-Identifier: Apache-2.0
"""C source as tokens and functions: just enough for the fences (layers.py, lint.py, abi.py). No preprocessing."""
import os
import pathlib
import re
import shlex
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED_FOLDERS = {".git", "node_modules", "__pycache__"}

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
      | (?P<string>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
      | (?P<char>[uUL]?'(?:\\.|[^'\\\n])*')
      | (?P<number>(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[uUlLfF]*)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<mark>&&|\|\||->|<<|>>|[=!<>+*/%&|^-]=|\+\+|--|\.\.\.|[^\s\w])""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    lines: int
    tokens: tuple


def files(*suffixes, under=("",)):
    """Repository files with one of the suffixes, as sorted paths relative to the root; build folders are left out."""
    found = []
    for start in under:
        for folder, folders, names in os.walk(ROOT / start):
            relative = pathlib.Path(folder).relative_to(ROOT)
            folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS and not (relative == pathlib.Path(".") and f.startswith("build"))]
            found += [relative / n for n in names if n.endswith(suffixes)]
    return sorted(set(found))


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def tokens(text):
    """All tokens, comments and preprocessor directives included (a directive is one token)."""
    result, line, last = [], 1, 0
    for match in TOKEN.finditer(text):
        line += text.count("\n", last, match.start())
        last = match.start()
        result.append(Token(match.lastgroup, match.group(), line))
    return result


def code(text):
    return [t for t in tokens(text) if t.kind not in ("comment", "directive")]


def functions(text):
    """Function definitions: at depth 0, a name, a parenthesised list, then a body."""
    result, stream, i = [], code(text), 0
    start = 0
    while i < len(stream):
        t = stream[i].text
        if t == "{":
            body_end = closing(stream, i)
            name = header_name(stream[start:i])
            if name:
                first = stream[start]
                result.append(Function(name.text, first.line, stream[body_end].line - first.line + 1, tuple(stream[i:body_end + 1])))
                start = body_end + 1
            i = body_end
            if name is None and i + 1 < len(stream) and stream[i + 1].text not in (";", ",", "="):
                start = i + 1  # extern "C" { ... } and struct bodies end at their semicolon
        elif t == ";":
            start = i + 1
        i += 1
    return result


def header_name(header):
    """The function's name when the tokens before a body are a function header, else None."""
    depth, names = 0, []
    if any(t.text in ("struct", "enum", "union") for t in header[:2]) and not any(t.text == "(" for t in header):
        return None
    if any(t.text == "=" for t in header):
        return None
    for here, after in zip(header, header[1:]):
        if depth == 0 and here.kind == "name" and after.text == "(" and here.text != "__attribute__":
            names.append(here)
        depth += {"(": 1, ")": -1}.get(here.text, 0)
    return names[0] if names else None


def closing(stream, opening):
    """Index of the bracket that closes the one at `opening`; the last token when it is never closed."""
    depth = 0
    for i in range(opening, len(stream)):
        if stream[i].text in "{([" and stream[i].kind == "mark":
            depth += 1
        elif stream[i].text in "})]" and stream[i].kind == "mark":
            depth -= 1
            if depth == 0:
                return i
    return len(stream) - 1


DECISIONS = {"if", "for", "while", "switch", "?", "&&", "||"}


def complexity(function):
    """McCabe's number; a switch counts once, however many cases it has (pmccabe's modified count)."""
    return 1 + sum(1 for t in function.tokens if t.text in DECISIONS and t.kind in ("name", "mark"))


def compiler(command):
    """Words of a compile command without a compiler cache in front: (compiler, arguments)."""
    words = shlex.split(command)
    if pathlib.PurePath(words[0]).name == "ccache":
        words = words[1:]
    return words[0], words[1:]
