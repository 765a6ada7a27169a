package vesper.world;

/// An edit and where it stands in a request.
///
/// @param path of the message that holds it, with its last dot: `changes[3].update.`; empty for the
///   request itself
record Proposal(Edit edit, String path) {}
