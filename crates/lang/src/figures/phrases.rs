//! THE table of what stands around values on screens: in English, in Chinese, in German, in French, in Spanish.

use super::phrase::Phrase;

macro_rules! phrases {
    ($($name:ident $en:literal $zh:literal $de:literal $fr:literal $es:literal)*) => {
        $(#[doc = $en]
        pub static $name: Phrase = Phrase { en: $en, zh: $zh, de: $de, fr: $fr, es: $es };)*

        /// Every row.
        pub static ALL: &[&Phrase] = &[$(&$name),*];
    };
}

phrases! {
    // Explanations: what was decided.
    DATED "{what}, dated {time}" "{what}，日期 {time}" "{what}, vom {time}" "{what}, daté du {time}" "{what}, con fecha {time}"
    JUDGED_AT "judged at {time}" "裁决时间 {time}" "beurteilt am {time}" "jugé le {time}" "juzgado el {time}"
    IN_FORCE_AT "by the rules in force at {time}" "适用 {time} 生效的规则" "nach den Regeln, die am {time} gelten" "selon les règles en vigueur le {time}" "según las reglas vigentes el {time}"
    READ_BY "{what}, read by {readers}, dated {time}" "{what}，由 {readers} 读取，日期 {time}" "{what}, gelesen von {readers}, vom {time}" "{what}, lu par {readers}, daté du {time}" "{what}, leído por {readers}, con fecha {time}"
    NAMED "{name} = {value}  (a named value, read by {readers})" "{name} = {value}（命名值，由 {readers} 读取）" "{name} = {value}  (ein benannter Wert, gelesen von {readers})" "{name} = {value}  (une valeur nommée, lue par {readers})" "{name} = {value}  (un valor con nombre, leído por {readers})"
    BY "by {rules}" "依据 {rules}" "durch {rules}" "par {rules}" "por {rules}"
    NO_RULE_FIRED "no rule fired" "没有条款触发" "keine Regel greift" "aucune règle ne s'applique" "no se aplica ninguna regla"
    BECAUSE_OF "{rules}: {fault}" "{rules}：{fault}" "{rules}: {fault}" "{rules} : {fault}" "{rules}: {fault}"
    ON_FAULT "`on fault`, for {rules}: {fault}" "出错时的值，因 {rules}：{fault}" "für den Fehlerfall, wegen {rules}: {fault}" "`on fault`, pour {rules} : {fault}" "`on fault`, por {rules}: {fault}"
    FAULT "fault" "出错" "Fehler" "erreur" "error"
    FAULT_OF "fault: {problem}" "出错：{problem}" "Fehler: {problem}" "erreur : {problem}" "error: {problem}"
    WOULD_BE "would be {decides} if {path} were {to} (it is {from})" "如果 {path} 为 {to}，结果将为 {decides}（现为 {from}）" "wäre {decides}, wenn {path} {to} wäre (es ist {from})" "serait {decides} si {path} était {to} (c'est {from})" "sería {decides} si {path} fuera {to} (es {from})"
    ANY_OTHER_TEXT "any other text" "任何其他文本" "jeder andere Text" "tout autre texte" "cualquier otro texto"
    ANY_OTHER_ADDRESS "any other address" "任何其他网址" "jede andere Adresse" "toute autre adresse" "cualquier otra dirección"

    // What became of a rule.
    FIRED "fired" "已触发" "greift" "s'applique" "se aplica"
    OUTWEIGHED "fired, but another outcome prevails" "已触发，但以其他结果为准" "greift, aber ein anderes Ergebnis geht vor" "s'applique, mais un autre résultat l'emporte" "se aplica, pero prevalece otro resultado"
    OVERRIDDEN "fired, but is overridden by {rule}" "已触发，但 {rule} 优先" "greift, aber {rule} geht vor" "s'applique, mais {rule} l'emporte" "se aplica, pero prevalece {rule}"
    SHADOW "fired in shadow: decides nothing" "试行中触发：不影响裁决" "greift zur Probe: entscheidet nichts" "s'applique à l'essai : ne décide rien" "se aplica a prueba: no decide nada"
    WARNED "warned: decides nothing yet" "仅警示：尚不影响裁决" "warnt: entscheidet noch nichts" "avertit : ne décide encore rien" "advierte: aún no decide nada"
    ENDED "ended on {day}" "已于 {day} 失效" "endete am {day}" "a pris fin le {day}" "terminó el {day}"
    BEGINS "begins on {day}" "自 {day} 起生效" "gilt ab {day}" "prend effet le {day}" "empieza el {day}"
    NOT_IN_FORCE "not in force" "未生效" "nicht in Kraft" "pas en vigueur" "no está en vigor"
    NOT_COVERED "not covered by the phase in force" "不在当前阶段的范围内" "von der geltenden Phase nicht erfasst" "non visé par la phase en vigueur" "no comprendido en la fase vigente"
    UNMET "`when` does not hold" "条件不成立" "die Bedingung trifft nicht zu" "`when` n'est pas rempli" "`when` no se cumple"
    EXCEPTED "`unless` holds" "例外成立" "die Ausnahme trifft zu" "`unless` est rempli" "`unless` se cumple"
    TOO_MANY_STEPS "does not fire; to tell why takes too many steps" "未触发；说明原因所需步骤过多" "greift nicht; zu sagen warum, braucht zu viele Schritte" "ne s'applique pas ; dire pourquoi demande trop d'étapes" "no se aplica; decir por qué requiere demasiados pasos"

    // Why a decision is a fault.
    UNCERTAIN "a fault could have changed this decision" "某处出错可能改变此裁决" "ein Fehler hätte dies anders entscheiden können" "une erreur aurait pu changer cette décision" "un error podría haber cambiado esta decisión"
    DISAGREEMENT "the rules that fired do not agree" "已触发的条款互相矛盾" "die Regeln, die greifen, sind sich nicht einig" "les règles qui s'appliquent se contredisent" "las reglas que se aplican se contradicen"
    SEVERAL "more than one rule fired where only one may" "只允许一条条款触发，却触发了多条" "mehr als eine Regel greift, wo nur eine darf" "plus d'une règle s'applique là où une seule le peut" "se aplica más de una regla donde solo puede una"
    OVERFLOW "the total has too many digits" "合计位数过多" "die Summe hat zu viele Stellen" "le total a trop de chiffres" "el total tiene demasiadas cifras"
    OTHERWISE_FAULT "its `otherwise` has no value" "其默认值无法得出" "ihr `otherwise` hat keinen Wert" "son `otherwise` n'a pas de valeur" "su `otherwise` no tiene valor"

    // What a rule says.
    WHEN "when {text}" "当 {text}" "wenn {text}" "quand {text}" "cuando {text}"
    UNLESS "unless {text}" "除非 {text}" "außer wenn {text}" "sauf si {text}" "salvo que {text}"
    WHERE "where {text}" "限于 {text}" "nur wo {text}" "là où {text}" "donde {text}"
    THEN "then {text}" "则 {text}" "dann {text}" "alors {text}" "entonces {text}"
    REQUIRE "require {text}" "须 {text}" "verlangt {text}" "exige {text}" "exige {text}"
    DUE "{what} by {time}" "{what}，不晚于 {time}" "{what} bis {time}" "{what} au plus tard le {time}" "{what} a más tardar el {time}"
    BECAUSE "because {text}" "理由：{text}" "weil {text}" "motif : {text}" "motivo: {text}"
    SOURCE "source: {text}" "依据：{text}" "Quelle: {text}" "source : {text}" "fuente: {text}"
    PHASE_FROM "phase from {day}" "阶段自 {day} 起" "Phase ab {day}" "phase à partir du {day}" "fase a partir del {day}"
    WARN_ONLY ", warn only" "，仅警示" ", nur Warnung" ", simple avertissement" ", solo advertencia"
    SHADOW_ONLY ", shadow only" "，仅试行" ", nur zur Probe" ", à l'essai seulement" ", solo a prueba"
    INSIDE ", for {share}%: bucket {bucket} of {buckets} is inside" "，适用比例 {share}%：第 {bucket} 组（共 {buckets} 组）在内" ", für {share}%: Gruppe {bucket} von {buckets} gehört dazu" ", pour {share} % : la part {bucket} sur {buckets} en fait partie" ", para el {share} %: la parte {bucket} de {buckets} está dentro"
    OUTSIDE ", for {share}%: bucket {bucket} of {buckets} is outside" "，适用比例 {share}%：第 {bucket} 组（共 {buckets} 组）不在内" ", für {share}%: Gruppe {bucket} von {buckets} gehört nicht dazu" ", pour {share} % : la part {bucket} sur {buckets} n'en fait pas partie" ", para el {share} %: la parte {bucket} de {buckets} está fuera"

    // What a condition is made of.
    ONE_OF "at least one of these holds:" "以下至少一项成立：" "mindestens eines davon trifft zu:" "au moins une de ces conditions est remplie :" "se cumple al menos una de estas condiciones:"
    ALL_OF "all of these hold:" "以下全部成立：" "all das trifft zu:" "toutes ces conditions sont remplies :" "se cumplen todas estas condiciones:"
    NOT_THIS "this does not hold:" "以下不成立：" "das trifft nicht zu:" "ceci n'est pas le cas :" "esto no se cumple:"
    ITEM "item {number} of {count}: {text}" "第 {number} 项（共 {count} 项）：{text}" "Eintrag {number} von {count}: {text}" "élément {number} sur {count} : {text}" "elemento {number} de {count}: {text}"
    IS "{name} is {value}" "{name} 为 {value}" "{name} ist {value}" "{name} est {value}" "{name} es {value}"
    AND_NEXT ", " "，" ", " ", " ", "
    PRESENT "present" "已知" "vorhanden" "connu" "conocido"
    NO_ROW "(no row matches)" "（没有匹配的行）" "(keine Zeile passt)" "(aucune ligne ne correspond)" "(no coincide ninguna fila)"
    ONE_ROW "(row {row})" "（第 {row} 行）" "(Zeile {row})" "(ligne {row})" "(fila {row})"
    SEVERAL_ROWS "(rows {rows})" "（第 {rows} 行）" "(Zeilen {rows})" "(lignes {rows})" "(filas {rows})"

    // Days of a calendar.
    NOT_COUNTED "{value} (not counted: {days})" "{value}（不计入：{days}）" "{value} (nicht gezählt: {days})" "{value} (non comptés : {days})" "{value} (no se cuentan: {days})"
    WORKING_DAY "{count} working day" "{count} 个工作日" "{count} Arbeitstag" "{count} jour ouvré" "{count} día hábil"
    WORKING_DAYS "{count} working days" "{count} 个工作日" "{count} Arbeitstage" "{count} jours ouvrés" "{count} días hábiles"
    CALENDAR_DAY "{count} calendar day" "{count} 个自然日" "{count} Kalendertag" "{count} jour calendaire" "{count} día natural"
    CALENDAR_DAYS "{count} calendar days" "{count} 个自然日" "{count} Kalendertage" "{count} jours calendaires" "{count} días naturales"

    // Records and what became of them.
    ONE_RECORD "1 record" "1 条记录" "1 Datensatz" "1 enregistrement" "1 registro"
    ONE_ELEMENT "{count} element of {list}" "{list} 的 {count} 项" "{count} Element von {list}" "{count} élément de {list}" "{count} elemento de {list}"
    ELEMENTS "{count} elements of {list}" "{list} 的 {count} 项" "{count} Elemente von {list}" "{count} éléments de {list}" "{count} elementos de {list}"
    RECORDS "{count} records" "{count} 条记录" "{count} Datensätze" "{count} enregistrements" "{count} registros"
    JUDGED "{records} in {time} ({rate} a second): {decided} decided, {rejected} rejected" "{records}，用时 {time}（每秒 {rate} 条）：已裁决 {decided}，已拒绝 {rejected}" "{records} in {time} ({rate} je Sekunde): {decided} entschieden, {rejected} abgewiesen" "{records} en {time} ({rate} par seconde) : {decided} décidés, {rejected} rejetés" "{records} en {time} ({rate} por segundo): {decided} decididos, {rejected} rechazados"
    WITH_FAULT "{count} with a fault" "出错 {count}" "{count} mit einem Fehler" "{count} avec une erreur" "{count} con un error"
    BY_STATISTICS "{count} by statistics alone" "仅凭统计信息 {count}" "{count} allein nach Statistik" "{count} par les seules statistiques" "{count} solo por las estadísticas"
    RULES "rules" "条款" "Regeln" "règles" "reglas"
    WHY "why" "理由" "warum" "pourquoi" "por qué"
    IN_ALL "{sum} in all" "合计 {sum}" "zusammen {sum}" "{sum} en tout" "{sum} en total"
    DIFFERENT "{count} different" "{count} 种不同" "{count} verschiedene" "{count} valeurs différentes" "{count} distintos"
    MORE_DIFFERENT "more than {count} different" "超过 {count} 种不同" "mehr als {count} verschiedene" "plus de {count} valeurs différentes" "más de {count} distintos"
    FROM_LEAST "from {least} to {greatest}" "自 {least} 至 {greatest}" "von {least} bis {greatest}" "de {least} à {greatest}" "de {least} a {greatest}"
    EACH_ONCE "each once" "各一次" "jeder einmal" "chacune une fois" "cada uno una vez"
    MOST_OFTEN "most often {value} ({count})" "最多为 {value}（{count}）" "am häufigsten {value} ({count})" "le plus souvent {value} ({count})" "lo más frecuente {value} ({count})"
    MORE_ROWS "… and {count} more; `--rows 0` shows all" "……另有 {count} 条；`--rows 0` 显示全部" "… und {count} weitere; `--rows 0` zeigt alle" "… et {count} de plus ; `--rows 0` les montre toutes" "… y {count} más; `--rows 0` las muestra todas"

    MORE "… and {count} more" "……另有 {count} 项" "… und {count} weitere" "… et {count} de plus" "… y {count} más"

    KEPT_BY "{count} rejected; `--rejects FILE` keeps them" "已拒绝 {count}；`--rejects FILE` 可保留" "{count} abgewiesen; `--rejects FILE` behält sie" "{count} rejetés ; `--rejects FILE` les garde" "{count} rechazados; `--rejects FILE` los guarda"
    CAME_AGAIN "{count} came again, by their keys, and count once" "{count} 条按键值为重复，只计一次" "{count} kamen erneut, nach ihren Schlüsseln, und zählen einmal" "{count} sont revenus, d'après leurs clés, et comptent une fois" "{count} llegaron de nuevo, según sus claves, y cuentan una vez"
    ALARMED "{count} decided as `--fail-on` says" "{count} 条裁决符合 `--fail-on`" "{count} so entschieden, wie `--fail-on` sagt" "{count} décidés comme le dit `--fail-on`" "{count} decididos como dice `--fail-on`"

    // What a change does.
    IS_NEW "is new" "为新增" "ist neu" "est nouvelle" "es nueva"
    IS_GONE "is gone" "已删除" "ist weg" "n'existe plus" "ya no existe"
    IS_DIFFERENT "is written differently" "写法不同" "ist anders geschrieben" "est écrite autrement" "está escrita de otra forma"
    RULE_NAMED "rule {rule}" "条款 {rule}" "Regel {rule}" "règle {rule}" "regla {rule}"
    ADDED_UP "{decision}, added up" "{decision} 合计" "{decision}, zusammen" "{decision}, au total" "{decision}, sumado"
    COMPARED_FROM "from {side}" "原：{side}" "von {side}" "de   {side}" "de {side}"
    COMPARED_TO "to   {side}" "新：{side}" "zu  {side}" "vers {side}" "a  {side}"
    NONE_CHANGED "None of {records} is decided differently." "{records}均无不同裁决。" "Keiner von {records} wird anders entschieden." "Sur {records}, aucun n'est décidé autrement." "De {records}, ninguno se decide de otra forma."
    ONE_CHANGED "{count} of {records} ({share}) is decided differently." "{records}中有 {count} 条（{share}）裁决不同。" "{count} von {records} ({share}) wird anders entschieden." "{count} sur {records} ({share}) est décidé autrement." "{count} de {records} ({share}) se decide de otra forma."
    SEVERAL_CHANGED "{count} of {records} ({share}) are decided differently." "{records}中有 {count} 条（{share}）裁决不同。" "{count} von {records} ({share}) werden anders entschieden." "{count} sur {records} ({share}) sont décidés autrement." "{count} de {records} ({share}) se deciden de otra forma."
    ONE_JUDGED "{records} is judged." "共裁决{records}。" "{records} wird beurteilt." "{records} est jugé." "Se juzga {records}."
    ALL_JUDGED "{records} are judged." "共裁决{records}。" "{records} werden beurteilt." "{records} sont jugés." "Se juzgan {records}."
    SPAN "They are of {from} to {until}." "记录日期为 {from} 至 {until}。" "Sie sind vom {from} bis {until}." "Leurs dates vont du {from} au {until}." "Son del {from} al {until}."
    HAVE_NONE "{count} of them have no {field}, which counts as nothing." "其中 {count} 条没有 {field}，按零计。" "{count} davon haben kein {field}, was als nichts zählt." "{count} d'entre eux n'ont pas de {field}, ce qui compte pour rien." "{count} de ellos no tienen {field}, que cuenta como nada."
    NOT_THERE "not there" "不存在" "nicht vorhanden" "absent" "no está"
    MORE_LINES "… and {count} more lines" "……另有 {count} 行" "… und {count} weitere Zeilen" "… et {count} lignes de plus" "… y {count} líneas más"
    MORE_IN_JSON "… and {count} more; `--format json` has all" "……另有 {count} 项；`--format json` 含全部" "… und {count} weitere; `--format json` hat alle" "… et {count} de plus ; `--format json` a tout" "… y {count} más; `--format json` lo tiene todo"
    MORE_IN_CSV "… and {count} more; `--format csv` has all" "……另有 {count} 项；`--format csv` 含全部" "… und {count} weitere; `--format csv` hat alle" "… et {count} de plus ; `--format csv` a tout" "… y {count} más; `--format csv` lo tiene todo"
    ASSUMED "assumed" "假定值" "angenommen" "supposé" "supuesto"
    SET_FOR_THIS_RUN ", set for this run" "，本次指定" ", für diesen Lauf gesetzt" ", fixé pour cette exécution" ", fijado para esta ejecución"
    TO_ANOTHER "{count} to another value" "{count} 条变为其他值" "{count} auf einen anderen Wert" "{count} vers une autre valeur" "{count} a otro valor"
    FROM_TO "{count} from {from} to {to}" "{count} 条由 {from} 变为 {to}" "{count} von {from} auf {to}" "{count} de {from} à {to}" "{count} de {from} a {to}"
    REST ", {count} in other ways" "，{count} 条为其他变化" ", {count} auf andere Weise" ", {count} d'autres manières" ", {count} de otras formas"
    ONE_REJECTED "{side}: {count} of {records} is rejected" "{side}：{records}中有 {count} 条被拒绝" "{side}: {count} von {records} wird abgewiesen" "{side} : {count} sur {records} est rejeté" "{side}: se rechaza {count} de {records}"
    SEVERAL_REJECTED "{side}: {count} of {records} are rejected" "{side}：{records}中有 {count} 条被拒绝" "{side}: {count} von {records} werden abgewiesen" "{side} : {count} sur {records} sont rejetés" "{side}: se rechazan {count} de {records}"
    FIRST_REJECTED "{count} × {place}: {message} (first: record {record})" "{count} × {place}：{message}（首条：记录 {record}）" "{count} × {place}: {message} (zuerst: Datensatz {record})" "{count} × {place} : {message} (le premier : enregistrement {record})" "{count} × {place}: {message} (el primero: registro {record})"
    SIDE_WITH_FAULT "{side}: {count} with a fault" "{side}：出错 {count}" "{side}: {count} mit einem Fehler" "{side} : {count} avec une erreur" "{side}: {count} con un error"
    GROUPED_BY "by {field}" "按 {field}" "nach {field}" "par {field}" "por {field}"
    GROUPED_BY_MONTH "by month of {field}" "按 {field} 的月份" "nach Monat von {field}" "par mois de {field}" "por mes de {field}"
    HEAD_RECORDS "records" "记录数" "Datensätze" "enregistrements" "registros"
    HEAD_CHANGED "changed" "变化" "geändert" "changés" "cambiados"
    HEAD_FIELD_CHANGED "{field} changed" "{field} 变化" "{field} geändert" "{field} changé" "{field} cambiado"
    HEAD_SHARE "share" "占比" "Anteil" "part" "proporción"
    HEAD_RULE "rule" "条款" "Regel" "règle" "regla"
    HEAD_BEFORE "decided before" "此前裁决" "entschied vorher" "décidait avant" "decidía antes"
    HEAD_DECIDED "decided" "裁决" "entscheidet" "décide" "decide"
    HEAD_ALONE "only it" "仅此条款" "nur sie" "elle seule" "solo ella"
    HEAD_DROPPED "changes if dropped" "删除后的变化" "ändert sich ohne sie" "change sans elle" "cambia sin ella"
    HEAD_FROM_TO "from ↓ to →" "由 ↓ 变为 →" "von ↓ zu →" "de ↓ à →" "de ↓ a →"
    HEAD_FROM "from" "由" "von" "de" "de"
    HEAD_TO "to" "变为" "zu" "à" "a"
    HEAD_OUTCOME "outcome" "结果" "Ergebnis" "résultat" "resultado"
    ANOTHER "{value} (another)" "{value}（另一值）" "{value} (ein anderer)" "{value} (un autre)" "{value} (otro)"
    MOVED "{count} moved" "{count} 条有变" "{count} verändert" "{count} changés" "{count} cambiados"
    ADDS_UP "adds up to {sum}" "合计 {sum}" "ergibt zusammen {sum}" "fait au total {sum}" "suma {sum}"
    NOT_ENFORCED "not enforced yet" "尚未正式生效" "noch nicht durchgesetzt" "pas encore appliqué" "aún no se aplica"
    FIRED_ON "{rule} ({effect}) fired on {records}" "{rule}（{effect}）在{records}上触发" "{rule} ({effect}) greift bei {records}" "{rule} ({effect}) s'est appliquée à {records}" "{rule} ({effect}) se aplicó a {records}"
    ENFORCED_NOTHING "enforcing it would change nothing" "正式生效也不会有变化" "sie durchzusetzen änderte nichts" "l'appliquer ne changerait rien" "aplicarla no cambiaría nada"
    ENFORCED "enforced, {moves}" "正式生效后，{moves}" "durchgesetzt: {moves}" "appliquée, {moves}" "aplicada, {moves}"
    MEASURES "measures" "衡量指标" "Messgrößen" "mesures" "medidas"
    YEARLY "a year: {value}" "每年：{value}" "im Jahr: {value}" "par an : {value}" "al año: {value}"
    ASSUMED_WHY "assumed: {why}" "假定：{why}" "angenommen: {why}" "supposé : {why}" "supuesto: {why}"
    NO_VALUE "has no value for {before} before, {after} after" "无法得出：此前{before}，此后 {after} 条" "hat keinen Wert für {before} vorher, {after} nachher" "n'a pas de valeur pour {before} avant, {after} après" "no tiene valor para {before} antes, {after} después"
    BEFORE "before" "此前" "vorher" "avant" "antes"
    AFTER "after" "此后" "nachher" "après" "después"

    // What every value of a parameter does.
    COMPARED_WITH "compared with {side}" "比较对象：{side}" "verglichen mit {side}" "comparé avec {side}" "comparado con {side}"
    SET_TO "{name} set to {value}" "{name} 设为 {value}" "{name} auf {value} gesetzt" "{name} fixé à {value}" "{name} fijado en {value}"
    AT_EACH_POINT "{records} are judged at each of {points} points." "在 {points} 个取值处各裁决 {records}。" "{records} werden an jedem von {points} Punkten beurteilt." "{records} sont jugés à chacun de {points} points." "Se juzgan {records} en cada uno de {points} puntos."
    ONE_AT_EACH_POINT "{records} is judged at each of {points} points." "在 {points} 个取值处各裁决 {records}。" "{records} wird an jedem von {points} Punkten beurteilt." "{records} est jugé à chacun de {points} points." "Se juzga {records} en cada uno de {points} puntos."
    SAME_EVERYWHERE "the same at every point: {names}" "各取值处相同：{names}" "an jedem Punkt gleich: {names}" "le même à chaque point : {names}" "lo mismo en cada punto: {names}"
    CHANGED_BY "changed, by {field}" "变化，按 {field}" "geändert, nach {field}" "changés, par {field}" "cambiados, por {field}"
    CHANGED_BY_MONTH "changed, by month of {field}" "变化，按 {field} 的月份" "geändert, nach Monat von {field}" "changés, par mois de {field}" "cambiados, por mes de {field}"
    TOO_MANY_POINTS "there are too many points to stand side by side; `--format csv` has all" "取值过多，无法并列；`--format csv` 含全部" "es sind zu viele Punkte für ein Nebeneinander; `--format csv` hat alle" "il y a trop de points pour les mettre côte à côte ; `--format csv` les a tous" "hay demasiados puntos para ponerlos juntos; `--format csv` los tiene todos"
    BASELINE "baseline" "基准" "Ausgangslage" "référence" "referencia"

    // Records that are rejected.
    REJECTED "rejected:" "已拒绝：" "abgewiesen:" "rejeté :" "rechazado:"
    RECORD_REJECTED "the record is rejected" "该记录已被拒绝" "der Datensatz wird abgewiesen" "l'enregistrement est rejeté" "el registro se rechaza"
    RECORD "record {number}" "记录 {number}" "Datensatz {number}" "enregistrement {number}" "registro {number}"
    WHOLE_RECORD "record" "记录" "Datensatz" "enregistrement" "registro"
    LINE "line {number}" "第 {number} 行" "Zeile {number}" "ligne {number}" "línea {number}"
    BY_CAUSE "{records}, by cause:" "{records}，按原因：" "{records}, nach Ursache:" "{records}, par cause :" "{records}, por causa:"
    FIRST_IN ", first in {record}" "，首见于{record}" ", zuerst in {record}" ", d'abord dans {record}" ", primero en {record}"
    PROBLEMS ": {count} problems" "：{count} 处问题" ": {count} Mängel" " : {count} problèmes" ": {count} problemas"
}
