package vesper.testing.vllm;

import java.util.Map;

/// A request.
///
/// @param path without its query
/// @param headers by name in lower case; the last of a name counts
record HttpRequest(String method, String path, Map<String, String> headers, String body) {}
