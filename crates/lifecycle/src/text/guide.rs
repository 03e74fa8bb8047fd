//! The rules that every sentence of [`crate::text`] follows, as far as a test can check them.

/// Phrases that the console does not use, with what it uses instead.
const AVOIDED: &[(&str, &str)] = &[
    ("put back", "restore"),
    ("given up", "aborted"),
    ("give up", "abort"),
    ("goes on", "continues"),
    ("go on", "continue"),
    ("taken up again", "resumed"),
    ("by itself", "automatically"),
    ("told to", "stop requested, start requested"),
    ("wants a token", "requires a token"),
    ("takes no token", "rejects the token"),
    ("is away", "unavailable"),
    ("answers again", "available again"),
    ("look", "check"),
    ("looks", "checks"),
    ("find out", "check"),
    ("found out", "server capabilities"),
    ("it is so already", "already in this state"),
    ("sets off", "triggers"),
    ("set off", "triggered"),
    ("keeps its place", "stores its state"),
    ("read back", "verified"),
    ("nothing of it is left", "no unprocessed data"),
    ("may be left", "may have unprocessed data"),
    ("recover first", "drain and retry"),
    ("anyway", "redeploy without draining"),
    ("although", "redeploy without draining"),
    ("the way out", "how to avoid it"),
    ("cut short", "interrupted"),
    ("alive", "active"),
    ("older version", "superseded version"),
    ("leave out", "exclude"),
    ("left out", "excluded"),
    ("to the letter", "verbatim"),
    ("is no", "is not a"),
    ("of which it is", "unknown"),
    ("so many", "n"),
    ("at the most", "at most"),
    ("beside", "next to, compared with"),
    ("brings", "returns"),
    ("came to nothing", "failed"),
    ("since long", "for more than n minutes"),
    ("somebody", "another user"),
    ("lost answer", "no response"),
    ("in doubt", "no response"),
    ("shall", "will"),
    ("so as", "to"),
    ("being", "an active verb"),
    // British spelling.
    ("cancelled", "canceled"),
    ("honours", "obeys"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("recognised", "recognized"),
];

/// Panics unless the text is one or more whole sentences in the console's English.
pub(crate) fn follows_the_guide(text: &str) {
    reads_well(text);
    assert!(text.ends_with(['.', '?']), "no full stop: {text}");
    let begins = |first: char| first.is_uppercase() || first.is_ascii_digit() || first == '“';
    assert!(text.starts_with(begins), "no capital: {text}");
}

/// Panics unless the text is a label: a phrase without a full stop.
pub(crate) fn is_a_label(text: &str) {
    reads_well(text);
    assert!(!text.ends_with(['.', ':', ' ']) && !text.is_empty(), "not a label: {text:?}");
}

fn reads_well(text: &str) {
    assert_eq!(text.trim(), text, "spaces around: {text:?}");
    for wrong in ["  ", "..", " .", " ,", "(s)", "( "] {
        assert!(!text.contains(wrong), "{wrong:?} in {text:?}");
    }
    let words: String =
        text.to_ascii_lowercase().split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>().join(" ");
    let words = format!(" {words} ");
    for (avoided, instead) in AVOIDED {
        assert!(!words.contains(&format!(" {avoided} ")), "{avoided:?} ({instead}) in {text:?}");
    }
}

#[test]
fn the_guide_notices_phrases_to_avoid_and_broken_sentences() {
    for wrong in ["The run is alive.", "No full stop", "Two  spaces.", "It ended..", "the run ended."] {
        assert!(std::panic::catch_unwind(|| follows_the_guide(wrong)).is_err(), "{wrong}");
    }
    follows_the_guide("The run ended.");
    is_a_label("Ended at its deadline");
}
