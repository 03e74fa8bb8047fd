//! What the machine does, one sentence each.
