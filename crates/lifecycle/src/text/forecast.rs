//! Forecasts of a stop, as text.

use crate::findings::Applied;
use crate::forecast::Forecast;
use crate::grace::Elapsed;
use crate::plural::plural;

/// How long the stop usually takes, and how long the server allows.
pub fn forecast(forecast: Option<&Forecast>, allowed: Applied) -> String {
    let Some(Forecast { stops, usual, longest }) = forecast else {
        return format!("No forecast: it needs {}.", plural(Forecast::LEAST, "past stop"));
    };
    let (usual, longest) = (Elapsed(*usual), Elapsed(*longest));
    let allows = match allowed {
        Applied::Known(seconds) => format!(" The server allows {}.", Elapsed(seconds)),
        Applied::Unlimited => " The server sets no limit.".to_owned(),
        Applied::Unknown => String::new(),
    };
    format!("Usually ends in {usual}, at most {longest} in the last {}.{allows}", plural(*stops, "stop"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::guide::follows_the_guide;

    #[test]
    fn a_forecast_states_its_count_its_maximum_and_the_limit() {
        let known = Forecast { stops: 5, usual: 40, longest: 72 };
        let text = forecast(Some(&known), Applied::Known(300));
        assert_eq!(
            text,
            "Usually ends in 40 s, at most 1 min 12 s in the last 5 stops. The server allows 5 min."
        );
        let unlimited = forecast(Some(&known), Applied::Unlimited);
        assert!(unlimited.ends_with("in the last 5 stops. The server sets no limit."));
        assert!(forecast(Some(&known), Applied::Unknown).ends_with("in the last 5 stops."));
        follows_the_guide(&text);
    }

    #[test]
    fn without_enough_past_stops_no_duration_is_stated() {
        let text = forecast(None, Applied::Known(300));
        assert_eq!(text, "No forecast: it needs 3 past stops.");
        follows_the_guide(&text);
    }
}
