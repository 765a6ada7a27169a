package vesper.worldpack;

import vesper.pack.v1.Narrative;

/// A document of a pack, such as a chapter of its chronicle.
///
/// @param narrative what its front matter says
/// @param file the file's path within the pack
/// @param body the Markdown below the front matter
/// @param sha256 SHA-256 of the whole file, in lower-case hexadecimal
public record NarrativeDocument(Narrative narrative, String file, String body, String sha256) {}
