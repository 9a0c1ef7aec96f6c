//! THE table of what stands around values on screens: in English, in Chinese, in German.

use super::phrase::Phrase;

macro_rules! phrases {
    ($($name:ident $en:literal $zh:literal $de:literal)*) => {
        $(#[doc = $en]
        pub static $name: Phrase = Phrase { en: $en, zh: $zh, de: $de };)*

        /// Every row.
        pub static ALL: &[&Phrase] = &[$(&$name),*];
    };
}

phrases! {
    // Explanations: what was decided.
    DATED "{what}, dated {time}" "{what}，日期 {time}" "{what}, vom {time}"
    JUDGED_AT "judged at {time}" "裁决时间 {time}" "beurteilt am {time}"
    IN_FORCE_AT "by the rules in force at {time}" "适用 {time} 生效的规则" "nach den Regeln, die am {time} gelten"
    READ_BY "{what}, read by {readers}, dated {time}" "{what}，由 {readers} 读取，日期 {time}" "{what}, gelesen von {readers}, vom {time}"
    NAMED "{name} = {value}  (a named value, read by {readers})" "{name} = {value}（命名值，由 {readers} 读取）" "{name} = {value}  (ein benannter Wert, gelesen von {readers})"
    BY "by {rules}" "依据 {rules}" "durch {rules}"
    NO_RULE_FIRED "no rule fired" "没有条款触发" "keine Regel greift"
    BECAUSE_OF "{rules}: {fault}" "{rules}：{fault}" "{rules}: {fault}"
    ON_FAULT "`on fault`, for {rules}: {fault}" "出错时的值，因 {rules}：{fault}" "für den Fehlerfall, wegen {rules}: {fault}"
    FAULT "fault" "出错" "Fehler"
    FAULT_OF "fault: {problem}" "出错：{problem}" "Fehler: {problem}"
    WOULD_BE "would be {decides} if {path} were {to} (it is {from})" "如果 {path} 为 {to}，结果将为 {decides}（现为 {from}）" "wäre {decides}, wenn {path} {to} wäre (es ist {from})"
    ANY_OTHER_TEXT "any other text" "任何其他文本" "jeder andere Text"
    ANY_OTHER_ADDRESS "any other address" "任何其他网址" "jede andere Adresse"

    // What became of a rule.
    FIRED "fired" "已触发" "greift"
    OUTWEIGHED "fired, but another outcome prevails" "已触发，但以其他结果为准" "greift, aber ein anderes Ergebnis geht vor"
    OVERRIDDEN "fired, but is overridden by {rule}" "已触发，但 {rule} 优先" "greift, aber {rule} geht vor"
    SHADOW "fired in shadow: decides nothing" "试行中触发：不影响裁决" "greift zur Probe: entscheidet nichts"
    WARNED "warned: decides nothing yet" "仅警示：尚不影响裁决" "warnt: entscheidet noch nichts"
    ENDED "ended on {day}" "已于 {day} 失效" "endete am {day}"
    BEGINS "begins on {day}" "自 {day} 起生效" "gilt ab {day}"
    NOT_IN_FORCE "not in force" "未生效" "nicht in Kraft"
    NOT_COVERED "not covered by the phase in force" "不在当前阶段的范围内" "von der geltenden Phase nicht erfasst"
    UNMET "`when` does not hold" "条件不成立" "die Bedingung trifft nicht zu"
    EXCEPTED "`unless` holds" "例外成立" "die Ausnahme trifft zu"
    TOO_MANY_STEPS "does not fire; to tell why takes too many steps" "未触发；说明原因所需步骤过多" "greift nicht; zu sagen warum, braucht zu viele Schritte"

    // Why a decision is a fault.
    UNCERTAIN "a fault could have changed this decision" "某处出错可能改变此裁决" "ein Fehler hätte dies anders entscheiden können"
    DISAGREEMENT "the rules that fired do not agree" "已触发的条款互相矛盾" "die Regeln, die greifen, sind sich nicht einig"
    SEVERAL "more than one rule fired where only one may" "只允许一条条款触发，却触发了多条" "mehr als eine Regel greift, wo nur eine darf"
    OVERFLOW "the total has too many digits" "合计位数过多" "die Summe hat zu viele Stellen"
    OTHERWISE_FAULT "its `otherwise` has no value" "其默认值无法得出" "ihr `otherwise` hat keinen Wert"

    // What a rule says.
    WHEN "when {text}" "当 {text}" "wenn {text}"
    UNLESS "unless {text}" "除非 {text}" "außer wenn {text}"
    WHERE "where {text}" "限于 {text}" "nur wo {text}"
    THEN "then {text}" "则 {text}" "dann {text}"
    REQUIRE "require {text}" "须 {text}" "verlangt {text}"
    DUE "{what} by {time}" "{what}，不晚于 {time}" "{what} bis {time}"
    BECAUSE "because {text}" "理由：{text}" "weil {text}"
    SOURCE "source: {text}" "依据：{text}" "Quelle: {text}"
    PHASE_FROM "phase from {day}" "阶段自 {day} 起" "Phase ab {day}"
    WARN_ONLY ", warn only" "，仅警示" ", nur Warnung"
    SHADOW_ONLY ", shadow only" "，仅试行" ", nur zur Probe"
    INSIDE ", for {share}%: bucket {bucket} of {buckets} is inside" "，适用比例 {share}%：第 {bucket} 组（共 {buckets} 组）在内" ", für {share}%: Gruppe {bucket} von {buckets} gehört dazu"
    OUTSIDE ", for {share}%: bucket {bucket} of {buckets} is outside" "，适用比例 {share}%：第 {bucket} 组（共 {buckets} 组）不在内" ", für {share}%: Gruppe {bucket} von {buckets} gehört nicht dazu"

    // What a condition is made of.
    ONE_OF "at least one of these holds:" "以下至少一项成立：" "mindestens eines davon trifft zu:"
    ALL_OF "all of these hold:" "以下全部成立：" "all das trifft zu:"
    NOT_THIS "this does not hold:" "以下不成立：" "das trifft nicht zu:"
    ITEM "item {number} of {count}: {text}" "第 {number} 项（共 {count} 项）：{text}" "Eintrag {number} von {count}: {text}"
    IS "{name} is {value}" "{name} 为 {value}" "{name} ist {value}"
    AND_NEXT ", " "，" ", "
    PRESENT "present" "已知" "vorhanden"
    NO_ROW "(no row matches)" "（没有匹配的行）" "(keine Zeile passt)"
    ONE_ROW "(row {row})" "（第 {row} 行）" "(Zeile {row})"
    SEVERAL_ROWS "(rows {rows})" "（第 {rows} 行）" "(Zeilen {rows})"

    // Days of a calendar.
    WORKING_DAY "{count} working day" "{count} 个工作日" "{count} Arbeitstag"
    WORKING_DAYS "{count} working days" "{count} 个工作日" "{count} Arbeitstage"
    CALENDAR_DAY "{count} calendar day" "{count} 个自然日" "{count} Kalendertag"
    CALENDAR_DAYS "{count} calendar days" "{count} 个自然日" "{count} Kalendertage"

    // Records and what became of them.
    ONE_RECORD "1 record" "1 条记录" "1 Datensatz"
    ONE_ELEMENT "{count} element of {list}" "{list} 的 {count} 项" "{count} Element von {list}"
    ELEMENTS "{count} elements of {list}" "{list} 的 {count} 项" "{count} Elemente von {list}"
    RECORDS "{count} records" "{count} 条记录" "{count} Datensätze"
    JUDGED "{records} in {time} ({rate} a second): {decided} decided, {rejected} rejected" "{records}，用时 {time}（每秒 {rate} 条）：已裁决 {decided}，已拒绝 {rejected}" "{records} in {time} ({rate} je Sekunde): {decided} entschieden, {rejected} abgewiesen"
    WITH_FAULT "{count} with a fault" "出错 {count}" "{count} mit einem Fehler"
    BY_STATISTICS "{count} by statistics alone" "仅凭统计信息 {count}" "{count} allein nach Statistik"
    RULES "rules" "条款" "Regeln"
    WHY "why" "理由" "warum"
    IN_ALL "{sum} in all" "合计 {sum}" "zusammen {sum}"
    DIFFERENT "{count} different" "{count} 种不同" "{count} verschiedene"
    MORE_DIFFERENT "more than {count} different" "超过 {count} 种不同" "mehr als {count} verschiedene"
    FROM_LEAST "from {least} to {greatest}" "自 {least} 至 {greatest}" "von {least} bis {greatest}"
    EACH_ONCE "each once" "各一次" "jeder einmal"
    MOST_OFTEN "most often {value} ({count})" "最多为 {value}（{count}）" "am häufigsten {value} ({count})"
    MORE_ROWS "… and {count} more; `--rows 0` shows all" "……另有 {count} 条；`--rows 0` 显示全部" "… und {count} weitere; `--rows 0` zeigt alle"

    MORE "… and {count} more" "……另有 {count} 项" "… und {count} weitere"

    KEPT_BY "{count} rejected; `--rejects FILE` keeps them" "已拒绝 {count}；`--rejects FILE` 可保留" "{count} abgewiesen; `--rejects FILE` behält sie"
    ALARMED "{count} decided as `--fail-on` says" "{count} 条裁决符合 `--fail-on`" "{count} so entschieden, wie `--fail-on` sagt"

    // What a change does.
    IS_NEW "is new" "为新增" "ist neu"
    IS_GONE "is gone" "已删除" "ist weg"
    IS_DIFFERENT "is written differently" "写法不同" "ist anders geschrieben"
    RULE_NAMED "rule {rule}" "条款 {rule}" "Regel {rule}"
    ADDED_UP "{decision}, added up" "{decision} 合计" "{decision}, zusammen"
    COMPARED_FROM "from {side}" "原：{side}" "von {side}"
    COMPARED_TO "to   {side}" "新：{side}" "zu  {side}"
    NONE_CHANGED "None of {records} is decided differently." "{records}均无不同裁决。" "Keiner von {records} wird anders entschieden."
    ONE_CHANGED "{count} of {records} ({share}) is decided differently." "{records}中有 {count} 条（{share}）裁决不同。" "{count} von {records} ({share}) wird anders entschieden."
    SEVERAL_CHANGED "{count} of {records} ({share}) are decided differently." "{records}中有 {count} 条（{share}）裁决不同。" "{count} von {records} ({share}) werden anders entschieden."
    ONE_JUDGED "{records} is judged." "共裁决{records}。" "{records} wird beurteilt."
    ALL_JUDGED "{records} are judged." "共裁决{records}。" "{records} werden beurteilt."
    SPAN "They are of {from} to {until}." "记录日期为 {from} 至 {until}。" "Sie sind vom {from} bis {until}."
    HAVE_NONE "{count} of them have no {field}, which counts as nothing." "其中 {count} 条没有 {field}，按零计。" "{count} davon haben kein {field}, was als nichts zählt."
    NOT_THERE "not there" "不存在" "nicht vorhanden"
    MORE_LINES "… and {count} more lines" "……另有 {count} 行" "… und {count} weitere Zeilen"
    MORE_IN_JSON "… and {count} more; `--format json` has all" "……另有 {count} 项；`--format json` 含全部" "… und {count} weitere; `--format json` hat alle"
    MORE_IN_CSV "… and {count} more; `--format csv` has all" "……另有 {count} 项；`--format csv` 含全部" "… und {count} weitere; `--format csv` hat alle"
    ASSUMED "assumed" "假定值" "angenommen"
    SET_FOR_THIS_RUN ", set for this run" "，本次指定" ", für diesen Lauf gesetzt"
    TO_ANOTHER "{count} to another value" "{count} 条变为其他值" "{count} auf einen anderen Wert"
    FROM_TO "{count} from {from} to {to}" "{count} 条由 {from} 变为 {to}" "{count} von {from} auf {to}"
    REST ", {count} in other ways" "，{count} 条为其他变化" ", {count} auf andere Weise"
    ONE_REJECTED "{side}: {count} of {records} is rejected" "{side}：{records}中有 {count} 条被拒绝" "{side}: {count} von {records} wird abgewiesen"
    SEVERAL_REJECTED "{side}: {count} of {records} are rejected" "{side}：{records}中有 {count} 条被拒绝" "{side}: {count} von {records} werden abgewiesen"
    FIRST_REJECTED "{count} × {place}: {message} (first: record {record})" "{count} × {place}：{message}（首条：记录 {record}）" "{count} × {place}: {message} (zuerst: Datensatz {record})"
    SIDE_WITH_FAULT "{side}: {count} with a fault" "{side}：出错 {count}" "{side}: {count} mit einem Fehler"
    GROUPED_BY "by {field}" "按 {field}" "nach {field}"
    GROUPED_BY_MONTH "by month of {field}" "按 {field} 的月份" "nach Monat von {field}"
    HEAD_RECORDS "records" "记录数" "Datensätze"
    HEAD_CHANGED "changed" "变化" "geändert"
    HEAD_FIELD_CHANGED "{field} changed" "{field} 变化" "{field} geändert"
    HEAD_SHARE "share" "占比" "Anteil"
    HEAD_RULE "rule" "条款" "Regel"
    HEAD_BEFORE "decided before" "此前裁决" "entschied vorher"
    HEAD_DECIDED "decided" "裁决" "entscheidet"
    HEAD_ALONE "only it" "仅此条款" "nur sie"
    HEAD_DROPPED "changes if dropped" "删除后的变化" "ändert sich ohne sie"
    HEAD_FROM_TO "from ↓ to →" "由 ↓ 变为 →" "von ↓ zu →"
    HEAD_FROM "from" "由" "von"
    HEAD_TO "to" "变为" "zu"
    HEAD_OUTCOME "outcome" "结果" "Ergebnis"
    ANOTHER "{value} (another)" "{value}（另一值）" "{value} (ein anderer)"
    MOVED "{count} moved" "{count} 条有变" "{count} verändert"
    ADDS_UP "adds up to {sum}" "合计 {sum}" "ergibt zusammen {sum}"
    NOT_ENFORCED "not enforced yet" "尚未正式生效" "noch nicht durchgesetzt"
    FIRED_ON "{rule} ({effect}) fired on {records}" "{rule}（{effect}）在{records}上触发" "{rule} ({effect}) greift bei {records}"
    ENFORCED_NOTHING "enforcing it would change nothing" "正式生效也不会有变化" "sie durchzusetzen änderte nichts"
    ENFORCED "enforced, {moves}" "正式生效后，{moves}" "durchgesetzt: {moves}"
    MEASURES "measures" "衡量指标" "Messgrößen"
    YEARLY "a year: {value}" "每年：{value}" "im Jahr: {value}"
    ASSUMED_WHY "assumed: {why}" "假定：{why}" "angenommen: {why}"
    NO_VALUE "has no value for {before} before, {after} after" "无法得出：此前{before}，此后 {after} 条" "hat keinen Wert für {before} vorher, {after} nachher"
    BEFORE "before" "此前" "vorher"
    AFTER "after" "此后" "nachher"

    // What every value of a parameter does.
    COMPARED_WITH "compared with {side}" "比较对象：{side}" "verglichen mit {side}"
    SET_TO "{name} set to {value}" "{name} 设为 {value}" "{name} auf {value} gesetzt"
    AT_EACH_POINT "{records} are judged at each of {points} points." "在 {points} 个取值处各裁决 {records}。" "{records} werden an jedem von {points} Punkten beurteilt."
    ONE_AT_EACH_POINT "{records} is judged at each of {points} points." "在 {points} 个取值处各裁决 {records}。" "{records} wird an jedem von {points} Punkten beurteilt."
    SAME_EVERYWHERE "the same at every point: {names}" "各取值处相同：{names}" "an jedem Punkt gleich: {names}"
    CHANGED_BY "changed, by {field}" "变化，按 {field}" "geändert, nach {field}"
    CHANGED_BY_MONTH "changed, by month of {field}" "变化，按 {field} 的月份" "geändert, nach Monat von {field}"
    TOO_MANY_POINTS "there are too many points to stand side by side; `--format csv` has all" "取值过多，无法并列；`--format csv` 含全部" "es sind zu viele Punkte für ein Nebeneinander; `--format csv` hat alle"
    BASELINE "baseline" "基准" "Ausgangslage"

    // Records that are rejected.
    REJECTED "rejected:" "已拒绝：" "abgewiesen:"
    RECORD_REJECTED "the record is rejected" "该记录已被拒绝" "der Datensatz wird abgewiesen"
    RECORD "record {number}" "记录 {number}" "Datensatz {number}"
    WHOLE_RECORD "record" "记录" "Datensatz"
    LINE "line {number}" "第 {number} 行" "Zeile {number}"
    BY_CAUSE "{records}, by cause:" "{records}，按原因：" "{records}, nach Ursache:"
    FIRST_IN ", first in {record}" "，首见于{record}" ", zuerst in {record}"
    PROBLEMS ": {count} problems" "：{count} 处问题" ": {count} Mängel"
}
