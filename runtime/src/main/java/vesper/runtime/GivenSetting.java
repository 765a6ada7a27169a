package vesper.runtime;

/// A value that somebody gave.
///
/// @param key the full key
/// @param text the value
/// @param origin where it was given, for people
record GivenSetting(String key, String text, String origin) {}
