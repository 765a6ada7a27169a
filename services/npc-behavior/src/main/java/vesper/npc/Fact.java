package vesper.npc;

import vesper.pack.v1.Predicate;

/// Something a player told about themself.
///
/// @param subject [#PLAYER], or one of the player's people as [Kin] names them, as in `sister`
/// @param predicate what of it; a relative has a name and a kin, which is all else that was told
/// @param value what was told, in the form that [Predicate] describes, from the listener's side
record Fact(String subject, Predicate predicate, String value) {

  static final String PLAYER = "player";
  static final int LONGEST_VALUE = 160;

  /// Takes braces out of the value, which mean something in the lines of a world, and cuts it.
  Fact {
    value = Texts.cut(Texts.withoutBraces(value), LONGEST_VALUE);
  }

  static Fact ofPlayer(Predicate predicate, String value) {
    return new Fact(PLAYER, predicate, value);
  }

  /// Whether a newer one replaces the other.
  boolean isAbout(String otherSubject, Predicate otherPredicate) {
    return subject.equals(otherSubject) && predicate == otherPredicate;
  }
}
