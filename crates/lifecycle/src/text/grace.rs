//! Labels of grace periods, and messages for the field in which one is entered.

use crate::grace::{Grace, ParseDurationError};

/// The label of a grace period.
pub fn grace(grace: Grace) -> String {
    match grace {
        Grace::ServerDefault => "server default".to_owned(),
        Grace::UntilDrained => "until drained".to_owned(),
        Grace::Seconds(seconds) => seconds.to_string(),
        Grace::Now => "now".to_owned(),
    }
}

/// Why a text is not a duration.
pub fn parse_error(error: &ParseDurationError) -> String {
    let text = match error {
        ParseDurationError::Empty => "Enter a duration, such as 90s, 5m or 1h 30m.",
        ParseDurationError::Invalid(part) => {
            return format!(
                "“{part}” is not a duration. Use whole numbers with d, h, m or s, largest unit first."
            );
        }
        ParseDurationError::Zero => {
            "The shortest duration is 1 s. To stop without a grace period, select “Now”."
        }
        ParseDurationError::TooLong => {
            "The longest duration is 2147483646 s, about 68 years. For no limit, select “Until drained”."
        }
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::guide::{follows_the_guide, is_a_label};

    #[test]
    fn grace_periods_follow_the_writing_guide() {
        use ParseDurationError as E;
        for error in [E::Empty, E::Invalid("1.5m".to_owned()), E::Zero, E::TooLong] {
            follows_the_guide(&parse_error(&error));
        }
        let minutes = Grace::Seconds("5400".parse().unwrap());
        for one in [Grace::ServerDefault, Grace::UntilDrained, minutes, Grace::Now] {
            is_a_label(&grace(one));
        }
        assert_eq!(grace(minutes), "1h 30m");
    }

    #[test]
    fn zero_and_too_long_durations_name_the_option_to_select() {
        assert!(parse_error(&ParseDurationError::Zero).contains("“Now”"));
        assert!(parse_error(&ParseDurationError::TooLong).contains("“Until drained”"));
    }
}
