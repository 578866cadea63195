# SPDX-License-Identifier: Apache-2.0
"""Small words of the rulebook compiler: exact decimals, one-line texts, the list of problems."""
import decimal
import hashlib
import re


class Exact(str):
    """A TOML float kept as it was written."""


class Number:
    """An exact decimal: the text as written, and mantissa * 10^exponent as bfl_decimal holds it."""

    def __init__(self, text):
        self.text = text
        sign, digits, self.exponent = decimal.Decimal(text).as_tuple()
        self.mantissa = int(''.join(map(str, digits))) * (-1 if sign else 1)
        self.value = decimal.Decimal(text)

    def canonical(self):
        """One text a value: 25, 25.0 and 2.5e1 are all 25e0."""
        mantissa, exponent = self.mantissa, self.exponent
        while mantissa and mantissa % 10 == 0:
            mantissa, exponent = mantissa // 10, exponent + 1
        return f'{mantissa}e{exponent if mantissa else 0}'

    def c(self):
        return f'{{{self.mantissa}LL, {self.exponent}}}'

    def __str__(self):
        return self.text


ZERO = Number('0')


def number(value, problem):
    """The exact decimal of a TOML number; reports what bfl_decimal cannot hold."""
    text = str(value)
    if not re.fullmatch(r'[+-]?\d+(\.\d+)?([eE][+-]?\d+)?', text):
        problem(f"'{text}' is not a plain decimal number")
        return ZERO
    result = Number(text)
    if abs(result.mantissa) >= 10**18 or not -18 <= result.exponent <= 18:
        problem(f"'{text}' has more than 18 digits or an exponent outside -18..18")
        return ZERO
    return result


def collapse(value):
    return ' '.join(value.split())


def one_line(value):
    """Texts may be wrapped in the file; a reader gets one line."""
    return collapse(value) if isinstance(value, str) else ''


def sha256(text):
    return hashlib.sha256(text.encode('utf-8')).hexdigest()


class Problems:
    def __init__(self):
        self.lines = []

    def add(self, path, what, text):
        self.lines.append(f'{path}: {what}: {text}' if what else f'{path}: {text}')

    def __bool__(self):
        return bool(self.lines)

    def show(self, stream):
        for line in self.lines:
            print(line, file=stream)
