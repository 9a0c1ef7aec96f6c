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
    BY "by {rules}" "依据 {rules}" "durch {rules}"
    NO_RULE_FIRED "no rule fired" "没有条款触发" "keine Regel greift"
    BECAUSE_OF "{rules}: {fault}" "{rules}：{fault}" "{rules}: {fault}"
    ON_FAULT "`on fault`, for {rules}: {fault}" "出错时的值，因 {rules}：{fault}" "für den Fehlerfall, wegen {rules}: {fault}"
    FAULT "fault" "出错" "Fehler"
    FAULT_OF "fault: {problem}" "出错：{problem}" "Fehler: {problem}"
    WOULD_BE "would be {decides} if {path} were {to} (it is {from})" "如果 {path} 为 {to}，结果将为 {decides}（现为 {from}）" "wäre {decides}, wenn {path} {to} wäre (es ist {from})"

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

    // Records that are rejected.
    REJECTED "rejected:" "已拒绝：" "abgewiesen:"
    RECORD_REJECTED "the record is rejected" "该记录已被拒绝" "der Datensatz wird abgewiesen"
    RECORD "record {number}" "记录 {number}" "Datensatz {number}"
    WHOLE_RECORD "record" "记录" "Datensatz"
    LINE "line {number}" "第 {number} 行" "Zeile {number}"
    PROBLEMS ": {count} problems" "：{count} 处问题" ": {count} Mängel"
}
