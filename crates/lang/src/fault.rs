//! THE table of the faults of rules.

use crate::coded;

coded! {
    /// Why a part of a rule has no value.
    FaultCode {
        DivisionByZero "division-by-zero" "the divisor is zero"
        Overflow "overflow" "the result has too many digits"
        OutOfCalendar "out-of-calendar" "the result lies beyond the calendar"
        PartialDay "partial-day" "a date is moved by something else than whole days"
        Unlisted "unlisted-day" "a calendar does not list the holidays of the year"
        NoValueYet "no-value-yet" "a dated parameter is read before its first date"
        SeveralRows "several-rows" "several rows of a table by `only` match"
        RowsDisagree "rows-disagree" "rows of a table by `agreement` that match give different values"
        FaultyDecision "faulty-decision" "a decision of another policy is read, and is a fault itself"
        BadArgument "bad-argument" "a function does not take such a value, or a share lies outside of 0% to 100%"
        Raised "raised" "the policy says by `raise` that there is no value"
        Script "script-fault" "a script goes wrong"
        ScriptLimit "script-limit" "a script takes more than its limits"
        ScriptResult "script-result" "a script gives another type than it declares"
        WorkLimit "work-limit" "the rules take more steps than one record may take"
        Misfit "misfit" "an operation met values that it does not take; please report it"
    }
}
