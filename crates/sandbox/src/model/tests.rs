//! What the world does, without HTTP.
