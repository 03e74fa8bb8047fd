//! Deserializes records from a `serde_json::Value` instead of from text. Deserializing from text with path tracking
//! monomorphizes every record once per adapter layer, which dominated the size of the page
//! (docs/adr/0009-json-reader.md).
//! An error contains its path and the expected type.
//!
//! Records are read by position: the fields in the order of their type. serde compiles two ways to read a record; this
//! one is less than half of the other. Therefore `deny_unknown_fields` has no effect, and `alias` would shift all
//! fields after it; `xtask/tests/records.rs` forbids both.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde_json::Value;
use std::fmt::{self, Write};

/// Deserializes a record from a tree.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    T::deserialize(Tree(Some(value)))
}

/// Deserializes a record from text.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    from_slice(text.as_bytes())
}

/// Deserializes a record from the bytes of a text.
pub fn from_slice<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    from_value(&parse(text)?)
}

fn parse(text: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(text).map_err(Problem::custom)
}

/// The reason why a record cannot be read.
// Boxed to keep the `Result` of every field of every record small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<Detail>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Detail {
    /// The path to the problem, innermost step first.
    steps: Vec<Step>,
    message: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
}

impl Problem {
    /// Path of the problem, for example `runs[3].status`; `.` is the whole record.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.0.steps.iter().rev() {
            match step {
                Step::Index(index) => {
                    let _ = write!(path, "[{index}]");
                }
                Step::Name(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
            }
        }
        if path.is_empty() { ".".to_owned() } else { path }
    }

    /// The problem at this path.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    fn at(mut self, name: &str) -> Self {
        self.0.steps.push(Step::Name(name.to_owned()));
        self
    }

    fn within(mut self, index: usize) -> Self {
        self.0.steps.push(Step::Index(index));
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Problem {}

impl serde::de::Error for Problem {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Box::new(Detail { steps: Vec::new(), message: message.to_string() }))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {found}, expected {expected}"))
    }
}

/// A node of the tree; `None` if the record lacks the field.
#[derive(Clone, Copy)]
struct Tree<'de>(Option<&'de Value>);

impl Tree<'_> {
    #[cold]
    fn wrong(self, expected: &dyn Expected) -> Problem {
        let Some(found) = self.0 else { return Problem::custom(MISSING) };
        let found = match found {
            Value::Null => Unexpected::Other("null"),
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => Unexpected::Unsigned(number),
                (_, Some(number), _) => Unexpected::Signed(number),
                (_, _, Some(number)) => Unexpected::Float(number),
                _ => Unexpected::Other("number"),
            },
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Problem::invalid_type(found, expected)
    }
}

/// Forwards `Deserializer` methods to the method that reads this JSON type.
macro_rules! delegate {
    ($($method:ident($($value:ident: $type:ty),*) => $as:ident;)*) => { $(
        fn $method<V: Visitor<'de>>(self, $($value: $type,)* visitor: V) -> Result<V::Value, Problem> {
            self.$as(visitor)
        }
    )* };
}

impl<'de> Tree<'de> {
    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let Some(Value::Number(number)) = self.0 else { return Err(self.wrong(&visitor)) };
        if let Some(number) = number.as_u64() {
            visitor.visit_u64(number)
        } else if let Some(number) = number.as_i64() {
            visitor.visit_i64(number)
        } else {
            visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
        }
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Some(Value::String(text)) => visitor.visit_borrowed_str(text),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn list<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let Some(Value::Array(list)) = self.0 else { return Err(self.wrong(&visitor)) };
        let mut elements = Elements { rest: list.iter(), next: 0 };
        let value = visitor.visit_seq(&mut elements)?;
        if elements.rest.len() > 0 {
            return Err(Problem::invalid_length(list.len(), &"fewer elements in array"));
        }
        Ok(value)
    }

    fn object<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Some(Value::Object(fields)) => visitor.visit_map(Fields { rest: fields.iter(), value: None }),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn nothing<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Some(Value::Null) => visitor.visit_unit(),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn record<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let Some(Value::Object(fields)) = self.0 else { return Err(self.wrong(&visitor)) };
        let mut record = Record { fields, names: names.iter(), missing: None };
        visitor.visit_seq(&mut record).map_err(|problem| record.explain(problem))
    }
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            None => Err(self.wrong(&visitor)),
            Some(Value::Null) => visitor.visit_unit(),
            Some(Value::Bool(value)) => visitor.visit_bool(*value),
            Some(Value::Number(_)) => self.number(visitor),
            Some(Value::String(text)) => visitor.visit_borrowed_str(text),
            Some(Value::Array(_)) => self.list(visitor),
            Some(Value::Object(_)) => self.object(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Some(Value::Bool(value)) => visitor.visit_bool(*value),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            None | Some(Value::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let (name, value) = match self.0 {
            Some(Value::String(name)) => (name, None),
            Some(Value::Object(fields)) => match (fields.iter().next(), fields.len()) {
                (Some((name, value)), 1) => (name, Some(Tree(Some(value)))),
                _ => {
                    return Err(Problem::invalid_value(Unexpected::Map, &"map with a single key"));
                }
            },
            _ => return Err(self.wrong(&"string or map")),
        };
        visitor.visit_enum(Variant { name, value })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.record(names, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_unit()
    }

    delegate! {
        deserialize_i8() => number;
        deserialize_i16() => number;
        deserialize_i32() => number;
        deserialize_i64() => number;
        deserialize_u8() => number;
        deserialize_u16() => number;
        deserialize_u32() => number;
        deserialize_u64() => number;
        deserialize_f32() => number;
        deserialize_f64() => number;
        deserialize_char() => text;
        deserialize_str() => text;
        deserialize_string() => text;
        deserialize_identifier() => text;
        deserialize_bytes() => text;
        deserialize_byte_buf() => text;
        deserialize_unit() => nothing;
        deserialize_unit_struct(_name: &'static str) => nothing;
        deserialize_seq() => list;
        deserialize_tuple(_length: usize) => list;
        deserialize_tuple_struct(_name: &'static str, _length: usize) => list;
        deserialize_map() => object;
    }
}

struct Elements<'de> {
    rest: std::slice::Iter<'de, Value>,
    next: usize,
}

impl<'de> SeqAccess<'de> for &mut Elements<'de> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Problem> {
        let Some(value) = self.rest.next() else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        seed.deserialize(Tree(Some(value))).map(Some).map_err(|problem| problem.within(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The message for an absent node; the record that lacks it replaces it with a better one.
const MISSING: &str = "missing";

/// The fields of a record in the order of its type.
struct Record<'de> {
    fields: &'de serde_json::Map<String, Value>,
    names: std::slice::Iter<'static, &'static str>,
    missing: Option<&'static str>,
}

impl Record<'_> {
    /// Replaces the problem with a missing required field, if there is one.
    fn explain(&self, problem: Problem) -> Problem {
        match self.missing {
            Some(name) => Problem::missing_field(name),
            None => problem,
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Record<'de> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Problem> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let value = self.fields.get(*name);
        self.missing = None;
        match seed.deserialize(Tree(value)) {
            Ok(read) => Ok(Some(read)),
            Err(problem) if value.is_some() => Err(problem.at(name)),
            Err(_) => {
                self.missing = Some(name);
                Ok(None)
            }
        }
    }
}

struct Fields<'de> {
    rest: serde_json::map::Iter<'de>,
    value: Option<(&'de str, &'de Value)>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Problem> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some((name, value));
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Problem> {
        let (name, value) = self.value.take().unwrap_or(("", &Value::Null));
        seed.deserialize(Tree(Some(value))).map_err(|problem| problem.at(name))
    }
}

struct Variant<'de> {
    name: &'de str,
    value: Option<Tree<'de>>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Problem;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Problem> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.name))?, self))
    }
}

impl<'de> Variant<'de> {
    fn content(&self, expected: &dyn Expected) -> Result<Tree<'de>, Problem> {
        self.value.ok_or_else(|| Problem::invalid_type(Unexpected::UnitVariant, expected))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Problem;

    fn unit_variant(self) -> Result<(), Problem> {
        match self.value {
            None | Some(Tree(Some(Value::Null))) => Ok(()),
            Some(value) => Err(value.wrong(&"unit").at(self.name)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        seed.deserialize(self.content(&"newtype variant")?).map_err(|problem| problem.at(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Problem> {
        self.content(&"tuple variant")?.list(visitor).map_err(|problem| problem.at(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.content(&"struct variant")?.record(names, visitor).map_err(|problem| problem.at(self.name))
    }
}
