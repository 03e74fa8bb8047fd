//! The icons and glyphs of the sprite in `index.html`.

use leptos::prelude::*;

macro_rules! sprite {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $id:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            const fn href(self) -> &'static str {
                match self { $(Self::$variant => concat!("#", $id),)* }
            }
        }
    };
}

sprite! {
    /// An icon, 16 px. It is next to a word, or its control has a name.
    Icon {
        /// A triangle: may lose data, an error.
        Alert = "i-alert",
        /// Done.
        Check = "i-check",
        /// A time, a deadline.
        Clock = "i-clock",
        /// Copy.
        Copy = "i-copy",
        /// Sorted downwards.
        Down = "i-down",
        /// A question mark: cannot tell.
        Help = "i-help",
        /// Nothing here.
        Inbox = "i-inbox",
        /// To know.
        Info = "i-info",
        /// Not allowed, not yet.
        Lock = "i-lock",
        /// Of an older version.
        Older = "i-older",
        /// Pause.
        Pause = "i-pause",
        /// Start.
        Play = "i-play",
        /// Again.
        Refresh = "i-refresh",
        /// Further, folded.
        Right = "i-right",
        /// Search.
        Search = "i-search",
        /// No loss expected.
        Shield = "i-shield",
        /// Stop.
        Stop = "i-stop",
        /// Light or dark.
        Theme = "i-theme",
        /// No connection.
        Unplug = "i-unplug",
        /// Can be sorted, can be changed.
        UpDown = "i-updown",
        /// A user.
        User = "i-user",
        /// Dismiss, exclude.
        Cross = "i-x",
    }
}

sprite! {
    /// The glyph of a state, 12 px.
    Glyph {
        /// Completed, ended well.
        Completed = "s-completed",
        /// Something is live.
        Dot = "s-dot",
        /// Failed.
        Failed = "s-failed",
        /// Killed: every stopped run is recorded so, drained or not.
        Killed = "s-killed",
        /// Accepted, not begun.
        Pending = "s-pending",
        /// Waiting, never ran.
        Never = "s-queued",
        /// Refused.
        Rejected = "s-rejected",
        /// Running.
        Running = "s-running",
        /// Starting.
        Starting = "s-starting",
        /// Stopping: the only glyph that turns.
        Stopping = "s-stopping",
        /// Suspended.
        Suspended = "s-suspended",
    }
}

/// An icon or a glyph, where either may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An icon.
    Icon(Icon),
    /// A glyph.
    Glyph(Glyph),
}

impl From<Icon> for Mark {
    fn from(icon: Icon) -> Self {
        Self::Icon(icon)
    }
}

impl From<Glyph> for Mark {
    fn from(glyph: Glyph) -> Self {
        Self::Glyph(glyph)
    }
}

/// Draws an icon.
pub fn icon(icon: Icon) -> impl IntoView {
    mark(icon)
}

/// Draws a glyph.
pub fn glyph(glyph: Glyph) -> impl IntoView {
    mark(glyph)
}

impl Mark {
    /// The class of its element and the address of its symbol.
    pub const fn drawing(self) -> (&'static str, &'static str) {
        match self {
            Self::Icon(icon) => ("icon", icon.href()),
            Self::Glyph(Glyph::Stopping) => ("glyph turn", Glyph::Stopping.href()),
            Self::Glyph(glyph) => ("glyph", glyph.href()),
        }
    }
}

/// Draws either.
pub fn mark(mark: impl Into<Mark>) -> impl IntoView {
    let (class, href) = mark.into().drawing();
    view! { <svg class=class aria-hidden="true"><use href=href></use></svg> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_sprite_draws_what_is_named_here_and_nothing_else() {
        let drawn = include_str!("../../index.html")
            .split("<symbol id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|id| *id != "mark")
            .collect::<BTreeSet<_>>();
        let named = Icon::ALL.iter().map(|icon| icon.href());
        let named = named.chain(Glyph::ALL.iter().map(|glyph| glyph.href()));
        assert_eq!(named.map(|href| &href[1..]).collect::<BTreeSet<_>>(), drawn);
    }
}
