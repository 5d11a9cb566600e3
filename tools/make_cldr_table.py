"""Writes harness/timestamps/cldr.json from Unicode's CLDR, the package ``cldr-dates-full``.

    for v in 47.0.0 48.2.0; do npm pack cldr-dates-full@$v; mkdir $v
    tar xzf cldr-dates-full-$v.tgz -C $v; done
    python tools/make_cldr_table.py 47.0.0/package 48.2.0/package

Releases reword labels now and then, and browsers have the older and the newer. The patterns of
babel (2.18, CLDR 47) are added: it has more locales, but no words such as "yesterday".
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.localedata import load, locale_identifiers

from harness.timestamps.intervals import SECONDS
from harness.timestamps.labels import tidy

TARGET = Path(__file__).parents[1] / "harness" / "timestamps" / "cldr.json"
Table = dict[str, dict[str, set[str]]]


def main() -> None:
    """Reads the package's ``main/*`` and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("packages", type=Path, nargs="+", help="unpacked cldr-dates-full")
    packages = parser.parse_args().packages
    ages: Table = defaultdict(lambda: defaultdict(set))
    months: Table = defaultdict(lambda: defaultdict(set))
    weekdays: set[str] = set()
    for folder in (folder for package in packages for folder in (package / "main").iterdir()):
        locale = folder.name.lower()
        fields = _load(folder / "dateFields.json", folder.name)["fields"]
        for pattern, meaning in _ages(fields):
            ages[pattern][meaning].add(locale)
        calendar = _load(folder / "ca-gregorian.json", folder.name)["calendars"]["gregorian"]
        for name, month in _months(calendar):
            months[name][month].add(locale)
        weekdays |= set(_weekdays(calendar))
    for locale, pattern, meaning in _babel():
        ages[pattern][meaning].add(locale)
    versions = [json.loads((p / "package.json").read_text("utf-8"))["version"] for p in packages]
    table = {
        "source": f"cldr-dates-full {', '.join(versions)} and babel, © Unicode, Inc.,"
        " licence Unicode-3.0 (https://www.unicode.org/license.txt)",
        "tables": {
            "ages": _plain(ages),
            "months": _plain(months),
            "weekdays": {name: {} for name in sorted(weekdays)},
        },
    }
    text = json.dumps(table, ensure_ascii=False, indent=0, separators=(",", ":"))
    TARGET.write_text(text + "\n", "utf-8")


def _load(path: Path, locale: str) -> dict[str, Any]:
    dates: dict[str, Any] = json.loads(path.read_text("utf-8"))["main"][locale]["dates"]
    return dates


def _ages(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(pattern with # for the number, "unit" or "unit count") of each past form and word."""
    for key, field in fields.items():
        unit = key.split("-")[0]
        if unit not in SECONDS:
            continue
        for name, value in field.items():
            if name.startswith("relative-type-") and int(name[14:]) <= 0:
                yield tidy(value), f"{unit} {-int(name[14:])}"
            elif name == "relativeTime-type-past":
                for category, pattern in value.items():
                    yield from _past(pattern, unit, category.rpartition("-")[2])


def _babel() -> Iterator[tuple[str, str, str]]:
    """(locale, pattern, meaning) of every past form that babel has."""
    for name in locale_identifiers():
        fields = load(name)["date_fields"]
        for key in fields:
            unit = key.split("-")[0]
            forms = fields[key].get("past", {}) if unit in SECONDS else {}
            for category, pattern in dict(forms).items():
                for known, meaning in _past(pattern, unit, category):
                    yield name.replace("_", "-").lower(), known, meaning


# What plural categories count where the pattern itself shows no number ("قبل ساعتين").
EXACT = {"zero": 0, "one": 1, "two": 2}


def _past(pattern: str, unit: str, category: str) -> Iterator[tuple[str, str]]:
    if "{0}" in pattern:
        yield tidy(pattern.replace("{0}", "#")), unit
    elif category in EXACT:
        yield tidy(pattern), f"{unit} {EXACT[category]}"


def _months(calendar: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in calendar["months"][context][width].items():
                plain = tidy(name).removesuffix(".")
                for lead in ("de ", "d'"):
                    plain = plain.removeprefix(lead)
                if plain and not any(char.isdigit() or char == " " for char in plain):
                    yield plain, number


def _weekdays(calendar: dict[str, Any]) -> Iterator[str]:
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for name in calendar["days"][context][width].values():
                plain = tidy(name).removesuffix(".")
                if " " not in plain and not plain.isdigit():
                    yield plain


def _plain(table: Table) -> dict[str, dict[str, str]]:
    return {
        pattern: {
            meaning: " ".join(sorted(_heads(locales))) for meaning, locales in meanings.items()
        }
        for pattern, meanings in sorted(table.items())
    }


def _heads(locales: set[str]) -> set[str]:
    """Without those whose parent is in the set: a reader falls back to it."""
    return {locale for locale in locales if not _parents(locale) & locales}


def _parents(locale: str) -> set[str]:
    parts = locale.split("-")
    return {"-".join(parts[:n]) for n in range(1, len(parts))}


if __name__ == "__main__":
    main()
