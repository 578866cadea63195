#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""web/dist is what vite makes of web/ today, and the page is as small as promised.

    dist.py SOURCE_ROOT BUILD_FOLDER

The sources are copied beside what npm installs, exactly as web/package-lock.json says, and built there; every byte must be the same.
When it is not: `cd web && npm ci && npx vite build`, and commit web/dist with the change. Without node, npm or a registry: skipped.
"""
import gzip
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent.parent / 'tools'))
import npm

MOST_KB = 120  # of everything, compressed


def built(root, build):
    """A fresh dist, made in a copy of what is needed."""
    modules = npm.installed(root / 'web', build, 'vite')
    copy = build / 'copy'
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root / 'web', copy / 'web', ignore=shutil.ignore_patterns('node_modules', 'dist'))
    (copy / 'src/figure').mkdir(parents=True)
    shutil.copy(root / 'src/figure/palette.css', copy / 'src/figure/palette.css')
    (copy / 'web/node_modules').symlink_to(modules)
    done = subprocess.run(['node', modules / 'vite/bin/vite.js', 'build', '--logLevel', 'warn'], cwd=copy / 'web', check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stdout.decode('utf-8', 'replace')[-2000:])
    return copy / 'web/dist'


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob('*')) if p.is_file()}


def differences(old, new):
    return [f'{name}: {"missing" if name not in old else "left over" if name not in new else "differs"}; cd web && npm ci && npx vite build'
            for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]


def outside(dist):
    """Addresses that the page would ask: there must be none."""
    page = dist['index.html'].decode()
    return [f'index.html names {word}' for word in ('http://', 'https://', 'style=', '<style', 'onload') if word in page]


def told_otherwise(root):
    """The sentences about nobody's question are those of the rulebook: without a therapy on record they must not say all is well."""
    page = (root / 'web/src/words.js').read_text(encoding='utf-8')
    said = [line for line in (root / 'rulebook/report/1.toml').read_text(encoding='utf-8').splitlines() if line.startswith('none = "')]
    sentences = [line.split('"')[1] for line in said if 'worse' in line]
    wrong = [f'web/src/words.js lacks {sentence!r}' for sentence in sentences if sentence not in page]
    return wrong if len(sentences) == 2 else [*wrong, f'{len(sentences)} sentences found in the rulebook, not 2']


def main(root, build):
    root, build = pathlib.Path(root), pathlib.Path(build).resolve() / 'dist'
    committed = files(root / 'web/dist')
    try:
        fresh = files(built(root, build))
    except npm.Skip as missing:
        print(f'1..0 # SKIP {missing}')
        return 0
    size = sum(len(gzip.compress(b, 9)) for b in fresh.values()) / 1000
    checks = [('web/dist is what vite makes of web/', differences(committed, fresh)),
              ('the page asks nothing of other places and has no script or style in its markup', outside(fresh)),
              ('no question is told in the words of the rulebook', told_otherwise(root)),
              (f'{size:.1f} kB compressed, at most {MOST_KB}', [] if size <= MOST_KB else ['too large'])]
    print(f'1..{len(checks)}')
    for number, (name, wrong) in enumerate(checks, 1):
        print(f'{"not ok" if wrong else "ok"} {number} - {name}')
        for line in wrong:
            print(f'# {line}')
    return int(any(wrong for _, wrong in checks))


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:3]))
