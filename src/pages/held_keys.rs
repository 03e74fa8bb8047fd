//! What is typed for the palette while its part is loaded: [`HeldKeys`].

use crate::shell::{Overlay, Shell};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{Event, KeyboardEvent};

/// Takes the keys of the page until it is dropped, as long as the palette is to open.
pub struct HeldKeys(Closure<dyn FnMut(Event)>);

impl HeldKeys {
    /// Begins before the part is loaded.
    pub fn begin(shell: Shell) -> Self {
        let closure =
            Closure::<dyn FnMut(Event)>::new(move |event: Event| hold(shell, event.unchecked_ref()));
        // The document comes before the window, where the shortcuts of the page are.
        let _ = document().add_event_listener_with_callback("keydown", closure.as_ref().unchecked_ref());
        Self(closure)
    }
}

impl Drop for HeldKeys {
    fn drop(&mut self) {
        let _ = document().remove_event_listener_with_callback("keydown", self.0.as_ref().unchecked_ref());
    }
}

fn hold(shell: Shell, event: &KeyboardEvent) {
    let opens = shell.overlay.try_get_untracked().flatten();
    // With Ctrl and Alt a key has its third letter; with one of them alone it is a command.
    let commands = event.meta_key() || event.ctrl_key() != event.alt_key();
    if commands || !matches!(opens, Some(Overlay::Palette | Overlay::Namespaces)) {
        return;
    }
    event.stop_propagation();
    let mut typed = shell.typed.get_untracked();
    let pressed = press(&mut typed, &event.key());
    shell.typed.set(typed);
    if pressed != Press::Passes {
        event.prevent_default();
    }
    if pressed == Press::Cancels {
        shell.overlay.set(None);
    }
}

/// What a key does before the palette is there.
#[derive(Debug, PartialEq, Eq)]
enum Press {
    /// It is kept, or means nothing yet.
    Held,
    /// The palette does not open.
    Cancels,
    /// The browser's own.
    Passes,
}

fn press(typed: &mut String, key: &str) -> Press {
    let mut letters = key.chars();
    match (key, letters.next(), letters.next()) {
        ("Backspace", ..) => {
            typed.pop();
        }
        // Nobody has seen yet what it would open.
        ("Enter", ..) => {}
        ("Escape", ..) => {
            typed.clear();
            return Press::Cancels;
        }
        (_, Some(letter), None) => typed.push(letter),
        _ => return Press::Passes,
    }
    Press::Held
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(keys: &[&str]) -> (String, Press) {
        let mut typed = String::new();
        let last = keys.iter().map(|key| press(&mut typed, key)).last();
        (typed, last.unwrap())
    }

    #[test]
    fn letters_and_spaces_are_kept_and_backspace_deletes_the_last() {
        assert_eq!(pressed(&["w", "h", " ", "Ü", "?"]), ("wh Ü?".to_owned(), Press::Held));
        assert_eq!(pressed(&["w", "é", "Backspace"]), ("w".to_owned(), Press::Held));
        assert_eq!(pressed(&["Backspace"]), (String::new(), Press::Held));
    }

    #[test]
    fn enter_opens_nothing_that_is_not_on_screen() {
        assert_eq!(pressed(&["w", "Enter"]), ("w".to_owned(), Press::Held));
    }

    #[test]
    fn escape_cancels_and_forgets_what_was_typed() {
        assert_eq!(pressed(&["w", "Escape"]), (String::new(), Press::Cancels));
    }

    #[test]
    fn other_keys_are_of_the_browser() {
        for key in ["Tab", "F5", "Shift", "ArrowDown", "Dead"] {
            assert_eq!(pressed(&["w", key]), ("w".to_owned(), Press::Passes), "{key}");
        }
    }
}
