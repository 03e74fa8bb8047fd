//! What a stop will really give, from the findings about the server.

use super::finding::{GraceSupport, ServerFindings};
use crate::grace::Grace;
use quiesce_api::Seconds;

/// Which of the calls is used. They give different times (docs/cdap-api.md#applied-grace).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallForm {
    /// One run.
    Run,
    /// Many programs in one call.
    Batch,
    /// One program, or one version of it: always 0 seconds.
    Program,
}

/// The grace that a run will get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Applied {
    /// So many seconds.
    Known(i64),
    /// No limit.
    Unlimited,
    /// It cannot be told.
    Unknown,
}

/// What a stop will really give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// What was asked for.
    pub asked: Grace,
    /// By which call.
    pub call: CallForm,
    /// What a run will get.
    pub applied: Applied,
    /// How long after a deadline the server looks at the latest: buffer and interval, in seconds. `None` when its
    /// settings are not known, or there is no deadline.
    pub slack: Option<i64>,
    /// What the server does with a grace period, as far as it is known.
    pub support: Option<GraceSupport>,
}

impl Prediction {
    /// The latest moment at which the server looks at a run that has this deadline and, if it can, forces it to
    /// end. It need not succeed: see docs/loss.md, "A deadline does not end a run".
    pub fn last_look(&self, deadline: Seconds) -> Option<Seconds> {
        Some(Seconds(deadline.0.saturating_add(self.slack?)))
    }

    /// The latest moment at which the server looks, in seconds after the stop.
    pub fn last_look_after(&self) -> Option<i64> {
        match self.applied {
            Applied::Known(seconds) => Some(seconds.saturating_add(self.slack?)),
            Applied::Unlimited | Applied::Unknown => None,
        }
    }
}

/// Says what a run will get when `asked` is sent by `call` to a server with these findings.
pub fn predict_applied(asked: Grace, call: CallForm, findings: &ServerFindings) -> Prediction {
    let settings = findings.stop_settings();
    let default = settings.and_then(|settings| settings.max_stop_seconds);
    let by_default = default.map_or(Applied::Unknown, Applied::Known);
    let applied = match (call, asked, findings.grace_support()) {
        (CallForm::Program, ..) | (_, Grace::Now, Some(GraceSupport::Honoured)) => Applied::Known(0),
        (_, Grace::ServerDefault, _) | (_, _, Some(GraceSupport::Ignored)) => by_default,
        (_, _, None) => Applied::Unknown,
        (_, Grace::UntilDrained, Some(GraceSupport::Honoured)) => Applied::Unlimited,
        (_, Grace::Seconds(seconds), Some(GraceSupport::Honoured)) => Applied::Known(seconds.get().into()),
    };
    let slack = settings.filter(|_| applied != Applied::Unlimited).and_then(|settings| {
        Some(settings.terminate_buffer_seconds?.saturating_add(settings.terminator_interval_seconds?))
    });
    Prediction { asked, call, applied, slack, support: findings.grace_support() }
}
