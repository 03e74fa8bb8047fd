//! The sign-in page.

pub const TOKEN_REQUIRED: &str = "This server requires an access token.";
pub const TOKEN: &str = "Access token";
pub const TOKEN_HINT: &str = "Kept in the memory of this tab only. ";
pub const TOKEN_IN_USE: &str = "You are signed in with a token. ";
pub const SIGN_OUT: &str = "Sign out";
pub const SIGNING_IN: &str = "Signing in…";

pub fn token_source(addresses: &[String]) -> String {
    format!("Get a token from {}.", addresses.join(", "))
}
