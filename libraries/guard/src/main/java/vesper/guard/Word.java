package vesper.guard;

/// A word as the rules compare it, and where it stands. Two words are candidates for being the same
/// when their forms are equal; `reads` decides.
///
/// @param letters its singular, folded, each letter as written; may hold `Reading.I_OR_L`
/// @param form the letters with runs of one letter as one, and `i` for `l`
/// @param sentence number of its sentence in the text
/// @param start first original character
/// @param end original character after the last
record Word(String letters, String form, int sentence, int start, int end) {

  static Word of(String letters, int sentence, int start, int end) {
    var singular = singular(letters);
    return new Word(singular, form(singular), sentence, start, end);
  }

  /// Whether a text's word with the same form may be read as the pattern: doubtful letters fit both
  /// readings, and a letter that is written three times or more fits any shorter run.
  static boolean reads(String text, String pattern) {
    int t = 0;
    int p = 0;
    while (t < text.length() && p < pattern.length()) {
      int textRun = runEnd(text, t);
      int patternRun = runEnd(pattern, p);
      int length = textRun - t;
      if (length == patternRun - p) {
        for (int i = 0; i < length; i++) {
          char read = text.charAt(t + i);
          if (read != pattern.charAt(p + i) && read != Reading.I_OR_L) {
            return false;
          }
        }
      } else if (length < 3 || length < patternRun - p) {
        return false;
      }
      t = textRun;
      p = patternRun;
    }
    return t == text.length() && p == pattern.length();
  }

  static String form(String letters) {
    var form = new StringBuilder();
    for (int i = 0; i < letters.length(); i = runEnd(letters, i)) {
      form.append(fold(letters.charAt(i)));
    }
    return form.toString();
  }

  private static int runEnd(String letters, int start) {
    int end = start + 1;
    while (end < letters.length() && fold(letters.charAt(end)) == fold(letters.charAt(start))) {
      end++;
    }
    return end;
  }

  private static char fold(char letter) {
    return letter == 'l' || letter == Reading.I_OR_L ? 'i' : letter;
  }

  /// Returns the singular of a noun, and much the same for a verb; what matters is that all forms
  /// of a word come out equal.
  private static String singular(String word) {
    int end = word.length();
    while (end > 0 && word.charAt(end - 1) == 's') {
      end--;
    }
    int run = word.length() - end;
    boolean plural = word.length() > 3 && run != 0 && run != 2 && end > 1;
    if (!plural) {
      return withoutSilentE(word);
    }
    var stem = word.substring(0, end);
    char last = stem.charAt(end - 1);
    if (last == 'u' || last == 'i') {
      return word;
    }
    if (end > 3 && stem.endsWith("ie")) {
      return stem.substring(0, end - 2) + "y";
    }
    return withoutSilentE(stem);
  }

  private static String withoutSilentE(String word) {
    boolean hissing =
        word.endsWith("xe")
            || word.endsWith("che")
            || word.endsWith("she")
            || word.endsWith("sse")
            || word.endsWith("ze");
    return hissing && word.length() > 2 ? word.substring(0, word.length() - 1) : word;
  }
}
