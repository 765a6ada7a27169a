package vesper.guard;

/// One character of a text after folding, and where it came from.
///
/// @param letter the folded character; `Reading.I_OR_L` for one that may be read as either
/// @param kind what it can be part of
/// @param upper whether it was a capital
/// @param start first original character
/// @param end original character after the last
record Cell(char letter, Kind kind, boolean upper, int start, int end) {

  enum Kind {
    LETTER,
    DIGIT,
    /// `@ $ ! |`: a letter in disguise when it stands in a word.
    SIGN,
    APOSTROPHE,
    SEPARATOR,
    SENTENCE_END
  }

  boolean isLetter() {
    return kind == Kind.LETTER;
  }
}
