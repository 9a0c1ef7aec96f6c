"""Writes `locales.json`: how languages print numbers, amounts, dates, lengths of time and lists, taken from the
JSON packages of Unicode's CLDR.

    npm install cldr-core cldr-numbers-full cldr-dates-full cldr-units-full cldr-misc-full
    python3 generate.py node_modules > locales.json

Languages that CLDR covers well ("modern") are listed. A tag with a region or a script says only what differs from
the language alone. English, Chinese and German have their own rows in `src/figures/locale.rs`; of their regions
too, only what differs is listed here. Digits are the Latin ones everywhere, since they are compared with those of
records.
"""

import json
import re
import sys
from pathlib import Path

OWN = ["en", "zh", "de"]
UNITS = ["day", "hour", "minute", "second", "year", "month"]
CATEGORIES = ["other", "zero", "one", "two", "few", "many"]


def read(folder, package, tag, name):
    path = Path(folder, package, "main", tag, name + ".json")
    return json.loads(path.read_text("utf-8"))["main"][tag] if path.exists() else {}


def plain(text):
    """Without marks of direction, which screens set themselves."""
    return re.sub("[\u200e\u200f\u061c]", "", text)


def date_pattern(pattern):
    """A pattern of `strftime` for one of CLDR; the month's name stands for `{month}`."""
    fields = {"d": "%-d", "dd": "%d", "M": "%-m", "MM": "%m", "MMMM": "{month}", "MMM": "{month}",
              "LLLL": "{month}", "y": "%Y", "yy": "%Y", "yyyy": "%Y", "G": "", "GGGG": ""}
    out = []
    for quoted, letters, other in re.findall("('[^']*')|([A-Za-z]+)|([^A-Za-z']+)", pattern):
        if quoted:
            out.append(quoted.strip("'") or "'")
        elif letters:
            if letters not in fields:
                raise ValueError(f"no field {letters} in {pattern}")
            out.append(fields[letters])
        else:
            out.append(other)
    return re.sub(" +", " ", plain("".join(out))).strip()


def affixes(pattern):
    """What stands before and behind the digits of a pattern such as `#,##0 %`."""
    before, after = re.fullmatch("([^#0]*)[#0,.]+([^#0;]*)(?:;.*)?", plain(pattern)).groups()
    return [before, after]


def locale(folder, tag):
    numbers = read(folder, "cldr-numbers-full", tag, "numbers")["numbers"]
    dates = read(folder, "cldr-dates-full", tag, "ca-gregorian")["dates"]["calendars"]["gregorian"]
    units = read(folder, "cldr-units-full", tag, "units")["units"]["long"]
    lists = read(folder, "cldr-misc-full", tag, "listPatterns")["listPatterns"]
    words = read(folder, "cldr-misc-full", tag, "posix").get("posix", {}).get("messages", {})
    symbols = numbers.get("symbols-numberSystem-latn", {})
    decimal = numbers["decimalFormats-numberSystem-latn"]["standard"].split(";")[0]
    currency = numbers["currencyFormats-numberSystem-latn"]["standard"].split(";")[0]
    percent = numbers["percentFormats-numberSystem-latn"]["standard"]
    groups = decimal.split(".")[0].split(",")
    glue = dates["dateTimeFormats"]["medium"]
    day = date_pattern(dates["dateFormats"]["long"])
    months = dates["months"]["format"]["wide"]
    comma = lists["listPattern-type-unit"]["middle"].replace("{0}", "").replace("{1}", "")
    row = {
        "date": day,
        "time": plain(glue.replace("'", "").replace("{1}", day).replace("{0}", "%H:%M")),
        "months": [months[str(month)] for month in range(1, 13)] if "{month}" in day else [],
        "point": symbols["decimal"],
        "group": symbols["group"],
        # Above the first group, of so many digits, groups have so many; a number of fewer has none.
        "groups": [len(groups[-1]), len(groups[-2]) if len(groups) > 2 else len(groups[-1])],
        "least_grouped": len(groups[-1]) + int(numbers.get("minimumGroupingDigits", 1)),
        "code_first": plain(currency).startswith("¤"),
        "percent": affixes(percent.replace("%", symbols["percentSign"])),
        "comma": comma if comma.strip() else ", ",
        "units": [
            {category: units[f"duration-{unit}"][f"unitPattern-count-{category}"]
             for category in CATEGORIES
             if f"unitPattern-count-{category}" in units[f"duration-{unit}"]}
            for unit in UNITS
        ],
    }
    for unit in row["units"]:
        for category in CATEGORIES[1:]:
            if unit.get(category) == unit["other"]:
                del unit[category]
    truth = [words.get(key, "").split(":")[0] for key in ["yesstr", "nostr"]]
    # Where CLDR has no words of the language, it hands on the English ones.
    if all(truth) and truth != ["yes", "no"]:
        row["truth"] = truth
    return row


def differences(row, base):
    return {key: value for key, value in row.items() if base.get(key) != value}


def main(folder):
    levels = json.loads(Path(folder, "cldr-core", "coverageLevels.json").read_text("utf-8"))
    tags = [tag for tag, level in levels["effectiveCoverageLevels"].items() if level == "modern"]
    tags = [tag for tag in tags if Path(folder, "cldr-numbers-full", "main", tag).exists()]
    languages = {tag: locale(folder, tag) for tag in tags if "-" not in tag and tag != "und"}
    rows = {tag: row for tag, row in languages.items() if tag not in OWN}
    for tag in tags:
        parts = tag.split("-")
        if len(parts) == 2 and parts[0] in languages:
            row = differences(locale(folder, tag), languages[parts[0]])
            # Dates of the own rows are plain, and a region does not change how; another script does.
            if parts[0] in OWN and tag != "zh-Hant":
                row = {key: value for key, value in row.items() if key in ["point", "group", "groups", "code_first"]}
            if row:
                rows[tag] = row
    lines = [f"{json.dumps(tag)}: {json.dumps(rows[tag], ensure_ascii=False)}" for tag in sorted(rows)]
    print("{\n" + ",\n".join(lines) + "\n}")


main(sys.argv[1])
