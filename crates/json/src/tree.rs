//! Reads records from the tree.

use super::node::{Field, Node, Number, field};
use super::problem::Problem;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

/// A node of the tree; `None` if the record lacks the field.
#[derive(Clone, Copy)]
pub(super) struct Tree<'de>(pub(super) Option<&'de Node<'de>>);

impl Tree<'_> {
    #[cold]
    fn wrong(self, expected: &dyn Expected) -> Problem {
        let Some(found) = self.0 else { return Problem::custom(MISSING) };
        let found = match found {
            Node::Null => Unexpected::Other("null"),
            Node::Bool(value) => Unexpected::Bool(*value),
            Node::Number(Number::Unsigned(number)) => Unexpected::Unsigned(*number),
            Node::Number(Number::Signed(number)) => Unexpected::Signed(*number),
            Node::Number(Number::Fraction(number)) => Unexpected::Float(*number),
            Node::Text(text) => Unexpected::Str(text),
            Node::List(_) => Unexpected::Seq,
            Node::Object(_) => Unexpected::Map,
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
        match self.0 {
            Some(Node::Number(Number::Unsigned(number))) => visitor.visit_u64(*number),
            Some(Node::Number(Number::Signed(number))) => visitor.visit_i64(*number),
            Some(Node::Number(Number::Fraction(number))) => visitor.visit_f64(*number),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Some(Node::Text(text)) => visitor.visit_borrowed_str(text),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn list<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let Some(Node::List(list)) = self.0 else { return Err(self.wrong(&visitor)) };
        let mut elements = Elements { rest: list.iter(), next: 0 };
        let value = visitor.visit_seq(&mut elements)?;
        if elements.rest.len() > 0 {
            return Err(Problem::invalid_length(list.len(), &"fewer elements in array"));
        }
        Ok(value)
    }

    fn object<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Some(Node::Object(fields)) => visitor.visit_map(Fields { rest: fields.iter(), value: None }),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn nothing<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Some(Node::Null) => visitor.visit_unit(),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn record<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let Some(Node::Object(fields)) = self.0 else { return Err(self.wrong(&visitor)) };
        let mut record = Record { fields, names: names.iter(), missing: None };
        visitor.visit_seq(&mut record).map_err(|problem| record.explain(problem))
    }
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            None => Err(self.wrong(&visitor)),
            Some(Node::Null) => visitor.visit_unit(),
            Some(Node::Bool(value)) => visitor.visit_bool(*value),
            Some(Node::Number(_)) => self.number(visitor),
            Some(Node::Text(text)) => visitor.visit_borrowed_str(text),
            Some(Node::List(_)) => self.list(visitor),
            Some(Node::Object(_)) => self.object(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Some(Node::Bool(value)) => visitor.visit_bool(*value),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            None | Some(Node::Null) => visitor.visit_none(),
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
            Some(Node::Text(name)) => (name, None),
            Some(Node::Object(fields)) => match fields.as_slice() {
                [(name, value)] => (name, Some(Tree(Some(value)))),
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
    rest: std::slice::Iter<'de, Node<'de>>,
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
    fields: &'de [Field<'de>],
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
        let value = field(self.fields, name);
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
    rest: std::slice::Iter<'de, Field<'de>>,
    value: Option<(&'de str, &'de Node<'de>)>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Problem> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some((name, value));
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Problem> {
        let (name, value) = self.value.take().unwrap_or(("", &Node::Null));
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
            None | Some(Tree(Some(Node::Null))) => Ok(()),
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
