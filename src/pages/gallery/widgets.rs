//! The widgets of `src/ui`, in each of their forms.

use crate::client::use_client;
use crate::routes::Route;
use crate::text::{common, gallery as text};
use crate::ui::{
    Button, ButtonLink, ButtonVariant, Chip, Choice, CopyButton, Countdown, Dialog, Disclosure, EmptyState,
    Freshness, Glyph, Icon, Notice, OlderVersion, Outcome, RequestBlock, Segmented, SkeletonRows, State,
    Tally, Tone, Verdict, glyph, icon, use_toasts,
};
use leptos::prelude::*;

/// The tones with their names.
const TONES: [(Tone, &str); 6] = [
    (Tone::Ok, text::OK),
    (Tone::Busy, text::BUSY),
    (Tone::Warn, text::WARN),
    (Tone::Bad, text::BAD),
    (Tone::Ghost, text::SUPERSEDED),
    (Tone::Idle, text::IDLE),
];

const VARIANTS: [(ButtonVariant, &str); 4] = [
    (ButtonVariant::Default, text::DEFAULT),
    (ButtonVariant::Primary, text::PRIMARY),
    (ButtonVariant::Danger, text::DANGER),
    (ButtonVariant::Plain, text::PLAIN),
];

/// Pressed, it does nothing.
fn nothing() -> Callback<()> {
    Callback::new(|()| ())
}

fn panel(content: impl IntoView + 'static) -> AnyView {
    view! { <div class="panel pad stack">{content.into_any()}</div> }.into_any()
}

pub fn buttons() -> AnyView {
    let sizes = [false, true].map(|small| {
        let each = VARIANTS.map(|(look, word)| {
            view! { <Button on_press=nothing() look small>{word}</Button> }
        });
        let unavailable = VARIANTS.map(|(look, word)| {
            view! {
                <Button on_press=nothing() look small unavailable=text::WHY_UNAVAILABLE name=format!("{word}, {}", text::UNAVAILABLE)>
                    {word}
                </Button>
            }
        });
        view! {
            <div class="actions">{each.collect_view()}</div>
            <div class="actions">{unavailable.collect_view()}</div>
            <div class="actions">
                <Button on_press=nothing() small shape=Icon::Refresh>{text::WITH_ICON}</Button>
                <Button on_press=nothing() small square=true shape=Icon::Cross name=common::DISMISS/>
                <ButtonLink href=use_client().at(Route::Gallery).href() small>{text::LINK}</ButtonLink>
            </div>
        }
    });
    panel(view! {
        {sizes.collect_view()}
        <Button on_press=nothing() wide=true look=ButtonVariant::Primary>{text::WIDE}</Button>
        <div class="actions"><CopyButton text=String::new() word=text::COPY/></div>
    })
}

pub fn chips() -> AnyView {
    let on = RwSignal::new(true);
    let chosen = RwSignal::new(1);
    let words = [text::FIRST, text::SECOND, text::THIRD];
    let choices = (0..).zip(words).map(|(value, word)| Choice::new(value, word)).collect::<Vec<_>>();
    let toned = TONES.map(|(tone, word)| {
        view! { <Chip word on=Signal::stored(false) on_change=|_| () tone shape=Glyph::Dot count=7_usize/> }
    });
    panel(view! {
        <fieldset class="chips">
            <legend class="vh">{text::FILTER}</legend>
            <Chip word=text::FIRST on on_change=move |is| on.set(is)/>
            <Chip word=text::SECOND on=Signal::derive(move || !on.get()) on_change=move |is: bool| on.set(!is) count=12_usize/>
            {toned.collect_view()}
        </fieldset>
        <Segmented name=text::CHOICE choices value=chosen on_change=move |value| chosen.set(value)/>
    })
}

pub fn notices() -> AnyView {
    let press = || view! { <Button on_press=nothing() small=true>{common::RETRY}</Button> };
    let toned = TONES.map(|(tone, word)| {
        view! {
            <Notice tone><p><strong>{word}</strong>" "{text::NOTICE}</p></Notice>
            <Notice tone actions=press><p><strong>{word}</strong>" "{text::NOTICE}</p></Notice>
        }
    });
    view! {
        {toned.collect_view()}
        <Notice><p>{text::NO_TONE}". "{text::NOTICE}</p></Notice>
    }
    .into_any()
}

pub fn dialogs() -> AnyView {
    let open = RwSignal::new(false);
    let close = move |()| open.set(false);
    let actions = move || {
        view! {
            <Button on_press=close>{common::CANCEL}</Button>
            <Button on_press=close look=ButtonVariant::Primary>{text::ABORT}</Button>
        }
    };
    panel(view! {
        <div class="actions"><Button on_press=move |()| open.set(true)>{text::OPEN_DIALOG}</Button></div>
        <Dialog open title=text::DIALOG_TITLE actions><p>{text::DIALOG_TEXT}</p></Dialog>
    })
}

pub fn disclosures() -> AnyView {
    panel(view! {
        <Disclosure summary=text::CLOSED><p>{text::BEHIND}</p></Disclosure>
        <Disclosure summary=text::OPEN open=true><p>{text::BEHIND}</p></Disclosure>
    })
}

pub fn empty_states() -> AnyView {
    let act = || view! { <Button on_press=nothing()>{common::REFRESH}</Button> };
    view! {
        <div class="panel">
            <EmptyState shape=Icon::Inbox title=text::NOTHING_HERE><p>{text::WHY_EMPTY}</p></EmptyState>
        </div>
        <div class="panel">
            <EmptyState shape=Icon::Search title=text::NOTHING_FOUND actions=act><p>{text::WHY_EMPTY}</p></EmptyState>
        </div>
    }
    .into_any()
}

pub fn progress() -> AnyView {
    let fixed = |value: f64| Signal::stored(value);
    let parts = Signal::stored(vec![(Tone::Ok, 4), (Tone::Bad, 1), (Tone::Busy, 2), (Tone::Idle, 3)]);
    panel(view! {
        <Countdown text=text::TIME_LEFT name=text::TIME_TO_DEADLINE passed=fixed(79.0) of=fixed(300.0) tone=Signal::stored(Tone::Busy)/>
        <Countdown text=text::TIME_OVER name=text::TIME_TO_DEADLINE passed=fixed(300.0) of=fixed(300.0) tone=Signal::stored(Tone::Warn)/>
        <Tally parts name=text::SHARES/>
        <progress data-tone="ok" aria-label=text::PROGRESS max="10" value="4"></progress>
    })
}

pub fn marks() -> AnyView {
    let shapes = [Icon::Check, Icon::Clock, Icon::Help, Icon::Alert, Icon::Older, Icon::Info];
    let states = TONES.map(|(tone, word)| view! { <State tone glyph=Glyph::Running word/> });
    let verdicts = TONES.map(|(tone, word)| view! { <Verdict tone word/> });
    let outcomes = TONES.into_iter().zip(shapes).map(|((tone, word), shape)| {
        view! { <Outcome tone shape word>{text::MEANING}</Outcome> }
    });
    let fresh = [(Tone::Ok, text::LIVE), (Tone::Warn, text::STALE), (Tone::Bad, text::NO_ANSWER)]
        .map(|(tone, word)| view! { <Freshness tone=Signal::stored(tone) text=word/> });
    panel(view! {
        <div class="actions">{states.collect_view()}<OlderVersion/></div>
        <div class="actions">{verdicts.collect_view()}</div>
        <div class="actions">{outcomes.collect_view()}</div>
        <div class="actions">{fresh.collect_view()}</div>
    })
}

pub fn toasts() -> AnyView {
    let toasts = use_toasts();
    panel(view! {
        <div class="actions"><Button on_press=move |()| toasts.show(text::TOAST)>{text::SHOW_TOAST}</Button></div>
    })
}

pub fn skeletons() -> AnyView {
    view! {
        <div class="table-wrap">
            <table class="table" aria-busy="true" aria-label=text::SKELETONS><tbody><SkeletonRows columns=6 checks=true rows=4/></tbody></table>
        </div>
    }
    .into_any()
}

pub fn icons() -> AnyView {
    let icons = Icon::ALL.iter().map(|of| view! { <span>{icon(*of)}" "{format!("{of:?}")}</span> });
    let glyphs = Glyph::ALL.iter().map(|of| view! { <span>{glyph(*of)}" "{format!("{of:?}")}</span> });
    panel(view! {
        <div class="actions">{icons.collect_view()}</div>
        <div class="actions">{glyphs.collect_view()}</div>
    })
}

pub fn requests() -> AnyView {
    let answers = [None, Some((Tone::Ok, text::ANSWERED)), Some((Tone::Bad, text::REFUSED))];
    let blocks = answers.into_iter().map(|answer| {
        let (target, curl) = ("/v3/namespaces/default/stop", String::new());
        let block = crate::ui::RequestBlockProps::builder()
            .what(text::REQUEST)
            .method("POST")
            .target(target)
            .body("[]")
            .curl(curl);
        match answer {
            Some((tone, word)) => RequestBlock(block.answer((tone, word.to_owned())).build()).into_any(),
            None => RequestBlock(block.build()).into_any(),
        }
    });
    blocks.collect_view().into_any()
}
