//! How the operator signs in to a router.

use serde::Deserialize;

/// Who adds the token to a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Credentials {
    /// The page.
    #[default]
    Browser,
    /// The console's server.
    Server,
    /// A way that this page does not know: the page sends the token that it has.
    #[serde(other)]
    Other,
}

/// How the operator signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInWay {
    /// With a name and a password, or with a token.
    Password,
    /// With a token.
    Token,
    /// The console's server signs in.
    Server,
}

impl SignInWay {
    /// The way to sign in to a router whose server adds these credentials, and can try a password or not.
    pub fn new(credentials: Credentials, password: bool) -> Self {
        match (credentials, password) {
            (Credentials::Server, _) => Self::Server,
            (_, true) => Self::Password,
            (_, false) => Self::Token,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_router_has_its_own_way_to_sign_in() {
        for (credentials, password, way) in [
            (r#""browser""#, true, SignInWay::Password),
            (r#""browser""#, false, SignInWay::Token),
            (r#""server""#, true, SignInWay::Server),
            (r#""server""#, false, SignInWay::Server),
            (r#""certificate""#, true, SignInWay::Password),
        ] {
            let credentials: Credentials = quiesce_api::json::from_str(credentials).unwrap();
            assert_eq!(SignInWay::new(credentials, password), way);
        }
    }
}
