#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Links between documents lead somewhere: [text](path) and [text](path#heading) in every Markdown file."""
import re
import sys

import csource

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def anchors(text):
    """Heading anchors as the usual hosts make them."""
    titles = re.findall(r"^#+\s+(.*)$", CODE.sub(lambda m: m.group().strip("`") if "\n" not in m.group() else "", text), re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", t.strip().lower())) for t in titles}


def main():
    wrong = []
    for path in csource.files(".md"):
        text = csource.read(path)
        for target in LINK.findall(CODE.sub("", text)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            other = csource.ROOT / path.parent / name if name else csource.ROOT / path
            if not other.exists():
                wrong.append(f"{path}: {target} does not exist")
            elif anchor and other.suffix == ".md" and anchor not in anchors(other.read_text(encoding="utf-8")):
                wrong.append(f"{path}: {target}: no such heading")
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
