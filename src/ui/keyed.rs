//! Children of an element that are kept by a key: a child whose key stays keeps its element, and the focus if it is not
//! moved.

use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// A child that is shown.
struct Child<K> {
    key: K,
    /// What its view created, which ends with it.
    owner: Owner,
    view: AnyViewState,
    element: Element,
}

/// Keeps these as the first children of an element, in order. `build` is called once for each key, and its view has one
/// element; it ends when its key is gone. Keys are unique. `then` is called each time when all have their places.
pub fn keep_children<T: 'static, K: PartialEq + 'static>(
    parent: Element,
    items: impl Fn() -> Vec<T> + 'static,
    key: impl Fn(&T) -> K + 'static,
    build: impl Fn(T) -> AnyView + 'static,
    then: impl Fn(&Element) + 'static,
) {
    let owner = Owner::current().unwrap_or_default();
    Effect::new(move |before: Option<Vec<Child<K>>>| {
        let mut before = before.unwrap_or_default();
        let mut after = Vec::new();
        for item in items() {
            let key = key(&item);
            let kept = before.iter().position(|child| child.key == key).map(|place| before.remove(place));
            after.extend(kept.or_else(|| {
                let owner = owner.child();
                let view = untrack(|| owner.with(|| build(item).build()));
                let element = view.elements().into_iter().next()?;
                Some(Child { key, owner, view, element })
            }));
        }
        for mut gone in before {
            gone.view.unmount();
            gone.owner.cleanup();
        }
        let mut next = parent.first_child();
        for child in &mut after {
            let element: &Node = child.element.unchecked_ref();
            // A child whose place is further down is moved when it is its turn, not all those after it.
            let follows = || next.as_ref().and_then(Node::next_sibling).as_ref() == Some(element);
            if next.as_ref() == Some(element) || follows() {
                next = element.next_sibling();
            } else {
                child.view.mount(&parent, next.as_ref());
            }
        }
        then(&parent);
        after
    });
}
