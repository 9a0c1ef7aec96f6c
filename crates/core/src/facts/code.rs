//! THE table of what can be wrong with a record, or with the columns that hold records.

use rulebook_lang::coded;

coded! {
    /// What kind of problem an [`InputError`](super::InputError) reports.
    InputCode {
        MissingField "missing-field" "a field without `?` and default is missing or null; a list has a null"
        WrongType "wrong-type" "another kind of value is needed"
        BadNumber "bad-number" "a number has too many digits"
        WrongCurrency "wrong-currency" "an amount is of another currency"
        BadDate "bad-date" "a text is no day of the calendar"
        BadTime "bad-time" "a text is no time"
        BadTimeOfDay "bad-time-of-day" "a text is no time of day"
        BadDuration "bad-duration" "a text is no duration"
        BadPeriod "bad-period" "a text is no period"
        BadUrl "bad-url" "a text is no url"
        BadVersion "bad-version" "a text is no version"
        UnknownMember "unknown-member" "a closed enum does not have the name"
        DuplicateKey "duplicate-key" "a field stands twice"
        MissingProfile "missing-profile" "there is no profile with this key"
        FailedProfile "failed-profile" "it cannot be told whether there is a profile: the store has failed"
        NeverHolds "never-holds" "a profile holds until a time that is not after the one from which it holds"
        WrongKey "wrong-key" "a profile that stands under one key names another"
        Uncountable "uncountable" "a counter has no key or no amount for the record"
        NoHistory "no-history" "a service has no history for a counter"
        HistoryFailed "history-failed" "the history of a counter cannot be read"
        NoPolicy "no-policy" "no policy takes a record with these fields"
        OtherPolicy "other-policy" "a record was read, or columns were bound, for another policy"
        EachElement "each-element" "a policy decides about each element of a list, and was asked about the record as a whole"
        NoRow "no-row" "the batch has no row of this number"
        BadJson "bad-json" "the record is no JSON"
        BadYaml "bad-yaml" "the record is no YAML"
        BadCsv "bad-csv" "the record is no line of CSV"
        BadEncoding "bad-encoding" "the record is no text in UTF-8"
        BadRecord "bad-record" "a value of a program cannot be taken as a record"
        NoRecords "no-records" "a document has nothing where its records are to stand"
        CutShort "cut-short" "an archive ends before its end, and what stood behind is lost"
        RecordTooLarge "record-too-large" "the record takes more than 64 MB in JSON, or 16 MB in YAML"
        BadStatementField "bad-statement-field" "a field of a statement of reasons does not take the value"
        MissingStatementField "missing-statement-field" "a statement of reasons lacks a field that it must have"
        DuplicateStatement "duplicate-statement" "two statements of reasons have one name"
        MissingColumn "missing-column" "the columns lack a field of the record"
        WrongColumnType "wrong-column-type" "a column holds another kind of value than its field"
        DuplicateColumn "duplicate-column" "two columns have one name"
        OtherColumns "other-columns" "a batch has other columns than those that are judged"
    }
}
