package vesper.runtime;

/// How the process logs to its standard output.
///
/// @param format TEXT for people, JSON for machines; one line an event
/// @param level the least that is logged
record LogSettings(@Setting("text") Format format, @Setting("info") Level level) {
  /// Notation of a line.
  enum Format {
    /// For people.
    TEXT,
    /// For machines.
    JSON
  }

  /// Weight of an event.
  enum Level {
    /// A human must look.
    ERROR,
    /// Something is not as it should be.
    WARN,
    /// What an operator acts on.
    INFO,
    /// What a developer looks for.
    DEBUG
  }
}
