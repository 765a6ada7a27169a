package vesper.ai;

/// What may be shown, as models are told it.
enum Rating {
  /// Everyone from ten on.
  E10("Mild peril at most. No blood, no cruelty, no swearing, nothing sexual, no drugs."),
  /// Teenagers.
  T("Violence without detail. Mild oaths. Nothing sexual, no drugs, no cruelty for its own sake."),
  /// Grown-ups.
  M("Violence and horror may be plain. Nothing sexual. No hatred of real people or groups."),
  /// Adults only.
  AO("Grown-ups only. No sexual violence, nobody under age, no hatred of real people or groups.");

  private static final String ALWAYS =
      " Never give advice for real harm to oneself or others, and never threaten the person who"
          + " plays.";

  private final String words;

  Rating(String words) {
    this.words = words;
  }

  String words() {
    return "Content: " + words + ALWAYS;
  }
}
