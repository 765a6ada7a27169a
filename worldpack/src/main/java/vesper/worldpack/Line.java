package vesper.worldpack;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A line of dialogue taken apart into text and slots. How it is written is described at
/// `vesper.pack.v1.Template.lines`.
///
/// @param parts text and slots in their order
public record Line(List<Part> parts) {
  private static final Pattern BRACES = Pattern.compile("\\{\\{|}}|\\{([^{}]*)}|[{}]");
  private static final Pattern SENTENCE_START = Pattern.compile("(^|[.!?][\"'”’)]?\\s+)[\"'“‘(]?$");

  /// A piece of a line.
  public sealed interface Part {
    /// Words as they are said.
    record Text(String text) implements Part {}

    /// A place to fill.
    record Hole(Slot slot) implements Part {}
  }

  /// Something in a line that is neither text nor a slot.
  ///
  /// @param slot the unknown name; empty for a brace that stands alone
  record Fault(String slot) {}

  /// What could be read of a line, and what is wrong with it.
  record Scanned(Line line, List<Fault> faults) {}

  /// Copies the parts.
  public Line {
    parts = List.copyOf(parts);
  }

  /// Takes a line apart. Throws IllegalArgumentException when it has an unknown slot or a single
  /// brace, which no line of a loaded pack has.
  public static Line parse(String text) {
    var scanned = scan(text);
    if (!scanned.faults().isEmpty()) {
      throw new IllegalArgumentException("Not a line of dialogue: " + text);
    }
    return scanned.line();
  }

  /// Takes a line apart that may have faults.
  static Scanned scan(String text) {
    var faults = new ArrayList<Fault>();
    var parts = new ArrayList<Part>();
    var plain = new StringBuilder();
    var matcher = BRACES.matcher(text);
    int end = 0;
    while (matcher.find()) {
      plain.append(text, end, matcher.start());
      end = matcher.end();
      var token = matcher.group();
      var name = matcher.group(1);
      if (name == null && token.length() == 2) {
        plain.append(token.charAt(0));
      } else if (name == null) {
        faults.add(new Fault(""));
      } else {
        var slot = Slot.find(name);
        if (slot.isEmpty()) {
          faults.add(new Fault(name));
        } else {
          parts.add(new Part.Text(plain.toString()));
          plain.setLength(0);
          parts.add(new Part.Hole(slot.get()));
        }
      }
    }
    parts.add(new Part.Text(plain.append(text, end, text.length()).toString()));
    parts.removeIf(part -> part instanceof Part.Text(var words) && words.isEmpty());
    return new Scanned(new Line(parts), List.copyOf(faults));
  }

  /// Returns the slots the line needs.
  public Set<Slot> slots() {
    var slots = EnumSet.noneOf(Slot.class);
    holes().map(Part.Hole::slot).forEach(slots::add);
    return slots;
  }

  /// Returns the line as it is said. A value that starts a sentence gets a capital letter. Throws
  /// IllegalArgumentException when a slot has no value.
  public String fill(Map<Slot, String> values) {
    var said = new StringBuilder();
    for (var part : parts) {
      switch (part) {
        case Part.Text(var text) -> said.append(text);
        case Part.Hole(var slot) -> {
          var value = values.get(slot);
          if (value == null) {
            throw new IllegalArgumentException("The slot " + slot.key() + " has no value");
          }
          said.append(SENTENCE_START.matcher(said).find() ? capitalised(value) : value);
        }
      }
    }
    return said.toString();
  }

  private Stream<Part.Hole> holes() {
    return parts.stream().filter(Part.Hole.class::isInstance).map(Part.Hole.class::cast);
  }

  private static String capitalised(String value) {
    if (value.isEmpty()) {
      return value;
    }
    int first = value.codePointAt(0);
    return Character.toString(Character.toUpperCase(first))
        + value.substring(Character.charCount(first));
  }
}
