//! The drain of a real-time run that is stopped, by the rules that docs/loss.md measured on a real server.

use super::pipeline::Pipeline;
use super::settings::Settings;
use super::text::Arguments;
use crate::profile::Profile;
use crate::random::SeededRng;

/// The runtime argument that disables checkpoints.
const AT_LEAST_ONCE: &str = "cdap.streaming.atleastonce.enabled";
/// The seconds before the deadline that the driver reserves for itself.
const DRIVER_RESERVE_SECONDS: i64 = 180;
/// The maximum number of batches that wait for the current one.
const MAX_QUEUED_BATCHES: i64 = 3;

/// The race of a stop: the driver drains, and the server ends its context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Race {
    /// Random, as measured: of 18 graceful stops 10 drained.
    Drawn,
    /// The driver drains first.
    Driver,
    /// The server ends the context first.
    Server,
}

/// How the driver ended, which its log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Terminated without waiting: `stopGracefully` is false.
    AtOnceConfigured,
    /// Terminated without waiting: the deadline less 180 s is shorter than a batch.
    AtOnceNoTime,
    /// The server ended the context before the driver could drain it.
    Undrained,
    /// Drained, but the driver could not check whether all records were processed.
    DrainedUnseen,
    /// Drained, and the driver found all blocks processed.
    Drained,
    /// Stores its offset in the state store: the driver has nothing to check.
    Tracked,
    /// Without checkpoints: the driver logs nothing.
    Silent,
}

/// The drain of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Drain {
    pub ending: Ending,
    /// From the stop to the end.
    pub millis: i64,
    /// Records that were received but not processed at the stop: part of the current batch, and the waiting ones.
    pub backlog: i64,
    /// The number of them that the driver leaves unprocessed.
    pub left: i64,
    /// Whether starting the same version again processes them.
    pub recoverable: bool,
}

/// The inputs of [`Drain::plan`].
pub(crate) struct DrainInput<'a> {
    pub profile: Profile,
    pub settings: &'a Settings,
    pub grace: i64,
    pub pipeline: &'a Pipeline,
    pub old_artifact: bool,
    pub arguments: &'a Arguments,
    pub rate: i64,
    pub drain_seconds: (i64, i64),
    pub race: Race,
}

impl Drain {
    /// The drain of a stop; what varies on a real server is random.
    pub(crate) fn plan(input: &DrainInput, rng: &mut SeededRng) -> Self {
        let at_least_once = input.arguments.get(AT_LEAST_ONCE).is_none_or(|it| it == "true");
        let interval = input.pipeline.interval_millis();
        // The driver uses the maximum of a stand-alone server, or the grace period of a server that honors it.
        let allowed = if input.profile.honours_graceful() { input.grace } else { input.settings.max_stop };
        let quick = rng.between(1_000, 4_500);
        let slow = rng.between(input.drain_seconds.0 * 1_000, input.drain_seconds.1 * 1_000);
        let driver_wins = match input.race {
            Race::Driver => true,
            Race::Server => false,
            Race::Drawn => rng.chance(10, 18),
        };
        let (ending, millis) = if input.pipeline.tracked {
            (Ending::Tracked, rng.between(8_000, 12_000))
        } else if !at_least_once {
            (Ending::Silent, quick)
        } else if !input.pipeline.stop_gracefully {
            (Ending::AtOnceConfigured, quick)
        } else if allowed.saturating_sub(DRIVER_RESERVE_SECONDS).saturating_mul(1_000) < interval {
            (Ending::AtOnceNoTime, quick)
        } else if input.profile.honours_graceful() {
            (Ending::Drained, slow)
        } else if driver_wins {
            (Ending::DrainedUnseen, slow)
        } else {
            (Ending::Undrained, quick.min(2_500) - 200)
        };
        let in_work = rng.between(interval / 2, interval.max(1));
        let waiting = rng.between(0, MAX_QUEUED_BATCHES) * interval;
        let backlog = input.rate.saturating_mul(in_work.saturating_add(waiting)) / 1_000;
        let left = match ending {
            Ending::Drained | Ending::DrainedUnseen | Ending::Tracked => 0,
            _ => backlog,
        };
        let log_on = !input.pipeline.log_is_off(input.old_artifact);
        Self { ending, millis, backlog, left, recoverable: at_least_once && log_on }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(change: impl FnOnce(&mut Pipeline, &mut DrainInput<'static>)) -> Drain {
        let mut pipeline = Pipeline::stream("5s");
        let mut input = DrainInput {
            profile: Profile::Cdap6_11,
            settings: Box::leak(Box::default()),
            grace: 300,
            pipeline: Box::leak(Box::new(Pipeline::stream("5s"))),
            old_artifact: false,
            arguments: Box::leak(Box::default()),
            rate: 50,
            drain_seconds: (12, 16),
            race: Race::Driver,
        };
        change(&mut pipeline, &mut input);
        Drain::plan(&DrainInput { pipeline: &pipeline, ..input }, &mut SeededRng::new(1, &["run"]))
    }

    #[test]
    fn a_stop_that_is_not_graceful_ends_at_once_and_leaves_records() {
        let drain = plan(|pipeline, _| pipeline.stop_gracefully = false);
        assert_eq!(drain.ending, Ending::AtOnceConfigured);
        assert!(drain.left > 0 && drain.recoverable && drain.millis <= 4_500);
    }

    #[test]
    fn what_is_left_is_the_backlog_which_grows_with_the_batch_interval() {
        let backlog = |interval: &'static str| {
            let drain = plan(move |pipeline, _| {
                pipeline.batch_interval = interval.into();
                pipeline.stop_gracefully = false;
            });
            assert_eq!(drain.left, drain.backlog);
            drain.backlog
        };
        // 50 records a second: at least half a batch, at most the current one and three more.
        assert!((125..=1_000).contains(&backlog("5s")), "{}", backlog("5s"));
        assert!((1_500..=12_000).contains(&backlog("1m")), "{}", backlog("1m"));
        let drained = plan(|_, _| {});
        assert!(drained.backlog > 0 && drained.left == 0);
    }

    #[test]
    fn the_driver_keeps_180_seconds_to_itself() {
        assert_eq!(plan(|pipeline, _| pipeline.batch_interval = "3m".into()).ending, Ending::AtOnceNoTime);
        assert_eq!(plan(|pipeline, _| pipeline.batch_interval = "2m".into()).ending, Ending::DrainedUnseen);
    }

    #[test]
    fn a_server_that_honours_the_grace_goes_by_it() {
        let graceful = |grace| {
            plan(move |_, input| {
                input.profile = Profile::Graceful;
                input.grace = grace;
            })
        };
        assert_eq!(graceful(i64::from(i32::MAX)).ending, Ending::Drained);
        assert_eq!(graceful(60).ending, Ending::AtOnceNoTime);
    }

    #[test]
    fn on_a_stock_server_ten_of_eighteen_drain() {
        let pipeline = Pipeline::stream("5s");
        let (settings, arguments) = (Settings::default(), Arguments::new());
        let drained = (0..1_800)
            .filter(|n| {
                let input = DrainInput {
                    profile: Profile::Cdap6_11,
                    settings: &settings,
                    grace: 300,
                    pipeline: &pipeline,
                    old_artifact: false,
                    arguments: &arguments,
                    rate: 50,
                    drain_seconds: (12, 16),
                    race: Race::Drawn,
                };
                Drain::plan(&input, &mut SeededRng::new(*n, &["run"])).ending == Ending::DrainedUnseen
            })
            .count();
        assert!((900..1_100).contains(&drained), "{drained}");
    }

    #[test]
    fn without_the_log_nothing_comes_back() {
        let drain = plan(|pipeline, input| {
            pipeline.properties.push((super::super::pipeline::LOG_KEY.into(), "false".into()));
            input.race = Race::Server;
        });
        assert_eq!(drain.ending, Ending::Undrained);
        assert!(drain.left > 0 && !drain.recoverable);
    }
}
