//! Sentences about the log of a run.

use super::error::answer;
use crate::drain_log::LogProblem;

/// Why the log of a run could not be read, or not completely.
pub fn problem(problem: &LogProblem) -> String {
    match problem {
        LogProblem::Cut(reason) => format!("The log ended early: {reason}."),
        LogProblem::InvalidLine(line) => {
            format!("A line of the log could not be read at “{}”: {}.", line.path, line.message)
        }
        LogProblem::Failed(error) => format!("The log could not be read. {}", answer(error)),
        LogProblem::Text(reason) => format!("The log could not be read completely: {reason}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::guide::follows_the_guide;
    use quiesce_api::{TransportError, Undecodable};

    #[test]
    fn problems_of_a_log_follow_the_writing_guide() {
        for one in [
            LogProblem::Cut("connection reset".to_owned()),
            LogProblem::InvalidLine(Undecodable {
                path: "log.timestamp".to_owned(),
                message: "expected an integer".to_owned(),
                raw: String::new(),
            }),
            LogProblem::Failed(TransportError::TimedOut(10).into()),
            LogProblem::Text("connection reset".to_owned()),
        ] {
            follows_the_guide(&problem(&one));
        }
    }
}
