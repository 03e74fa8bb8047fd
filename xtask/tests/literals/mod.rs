//! The string literals of Rust code.

/// The string literals of Rust code, without those of comments and test modules. A line continuation becomes a space.
pub fn literals(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut literals = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(['"', '\'', '/']) {
        let raw = rest[..start].ends_with(['r', '#']) && rest[..start].trim_end_matches('#').ends_with('r');
        let hashes = rest[..start].len() - rest[..start].trim_end_matches('#').len();
        let after = &rest[start + 1..];
        rest = match rest.as_bytes()[start] {
            b'/' if after.starts_with('/') => after.find('\n').map_or("", |end| &after[end..]),
            b'"' if raw => {
                let end = format!("\"{}", "#".repeat(hashes));
                let at = after.find(&end).expect("a raw literal has an end");
                literals.push(after[..at].to_owned());
                &after[at + end.len()..]
            }
            b'"' => {
                let mut escaped = false;
                let at = after.find(|c| {
                    let end = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    end
                });
                let at = at.expect("a literal has an end");
                literals.push(after[..at].replace("\\\n", " "));
                &after[at + 1..]
            }
            b'\'' if after.starts_with('\\') => after[2..].find('\'').map_or("", |end| &after[end + 3..]),
            b'\'' if after.chars().nth(1) == Some('\'') => {
                after.split_once('\'').map_or("", |(_, rest)| rest)
            }
            _ => after,
        };
    }
    literals
}
