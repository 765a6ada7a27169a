package vesper.gateway.transcoding;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.JsonScanner.Malformed;
import vesper.runtime.Suggestions;

/// Walks the JSON of a message with its shape and finds what protobuf's own parser would let pass
/// or would refuse without telling where: unknown fields, names given twice, wrong types, values
/// out of range.
final class JsonCheck {
  private static final int LONGEST_NAME = 64;

  private final JsonScanner json;
  private final Findings findings;
  private final Set<String> boundElsewhere;
  private final StringBuilder path = new StringBuilder();

  /// A check of one text.
  ///
  /// @param boundElsewhere paths of fields whose values the URL gives
  JsonCheck(String text, Findings findings, Set<String> boundElsewhere) {
    this.json = new JsonScanner(text);
    this.findings = findings;
    this.boundElsewhere = boundElsewhere;
  }

  /// Checks the text as a whole message.
  void message(Shape shape) {
    run(() -> message(shape, json.peek()));
  }

  /// Checks the text as the value of one field of the request.
  void field(Shape.Member member) {
    path.append(member.field().getJsonName());
    run(() -> value(member));
  }

  private interface Walk {
    void walk() throws Malformed;
  }

  private void run(Walk walk) {
    try {
      walk.walk();
      json.end();
    } catch (Malformed e) {
      findings.add(path.isEmpty() ? "body" : path.toString(), e.complaint());
    }
  }

  private void object(Shape shape) throws Malformed {
    json.enter('{');
    if (json.empty('}')) {
      return;
    }
    BitSet seen = new BitSet();
    @Nullable FieldDescriptor[] chosen = new FieldDescriptor[shape.type().getRealOneofs().size()];
    int length = path.length();
    do {
      String name = json.name();
      Shape.Member member = shape.find(name);
      push(member == null ? shortened(name) : member.field().getJsonName());
      if (member == null) {
        wrong("unknown field" + Suggestions.didYouMean(name, shape.names()));
        json.skip();
      } else {
        FieldDescriptor field = member.field();
        if (seen.get(field.getIndex())) {
          wrong("is given twice");
        }
        seen.set(field.getIndex());
        if (!boundElsewhere.isEmpty() && boundElsewhere.contains(path.toString())) {
          wrong("is given by the URL and must not be in the body");
        }
        if (json.peek() != 'n') {
          checkOneof(field, chosen);
        }
        value(member);
      }
      path.setLength(length);
    } while (json.more('}'));
  }

  private void checkOneof(FieldDescriptor field, @Nullable FieldDescriptor[] chosen) {
    OneofDescriptor oneof = field.getRealContainingOneof();
    if (oneof == null) {
      return;
    }
    FieldDescriptor other = chosen[oneof.getIndex()];
    if (other != null && other != field) {
      wrong("cannot be given together with '" + other.getJsonName() + "'");
    }
    chosen[oneof.getIndex()] = field;
  }

  private void value(Shape.Member member) throws Malformed {
    FieldDescriptor field = member.field();
    char first = json.peek();
    if (first == 'n' && !takesNull(member)) {
      json.word("null");
    } else if (field.isMapField()) {
      map(member, first);
    } else if (field.isRepeated()) {
      array(member, first);
    } else {
      single(member, first);
    }
  }

  // Everywhere else null stands for an absent field.
  private static boolean takesNull(Shape.Member member) {
    return !member.field().isRepeated()
        && member.message() != null
        && member.message().form() == WellKnown.VALUE;
  }

  private void array(Shape.Member member, char first) throws Malformed {
    if (first != '[') {
      mismatch("an array", first);
      return;
    }
    json.enter('[');
    if (json.empty(']')) {
      return;
    }
    int length = path.length();
    int index = 0;
    do {
      path.append('[').append(index++).append(']');
      single(member, json.peek());
      path.setLength(length);
    } while (json.more(']'));
  }

  private void map(Shape.Member member, char first) throws Malformed {
    if (first != '{') {
      mismatch("an object", first);
      return;
    }
    Shape entry = member.messageShape();
    Shape.Member value = entry.get("value");
    FieldDescriptor keyField = entry.get("key").field();
    json.enter('{');
    if (json.empty('}')) {
      return;
    }
    Set<Object> seen = new HashSet<>();
    int length = path.length();
    do {
      String key = json.name();
      path.append("[\"").append(shortened(key)).append("\"]");
      try {
        if (!seen.add(Scalars.parse(keyField, key))) {
          wrong("is given twice");
        }
      } catch (Unreadable e) {
        wrong("the key " + e.complaint());
      }
      single(value, json.peek());
      path.setLength(length);
    } while (json.more('}'));
  }

  private void single(Shape.Member member, char first) throws Malformed {
    if (member.message() != null) {
      message(member.message(), first);
      return;
    }
    FieldDescriptor field = member.field();
    switch (field.getType()) {
      case BOOL -> {
        if (first == 't' || first == 'f') {
          json.word(first == 't' ? "true" : "false");
        } else {
          mismatch("true or false", first);
        }
      }
      case STRING, BYTES -> {
        if (first == '"') {
          scalar(field, json.string());
        } else {
          mismatch("a string", first);
        }
      }
      default -> {
        if (first == '"') {
          scalar(field, json.string());
        } else if (isNumber(first)) {
          scalar(field, json.number());
        } else {
          mismatch(field.getType() == FieldDescriptor.Type.ENUM ? "a name" : "a number", first);
        }
      }
    }
  }

  private void scalar(FieldDescriptor field, String text) {
    try {
      Scalars.parse(field, text);
    } catch (Unreadable e) {
      wrong(e.complaint());
    }
  }

  private void message(Shape shape, char first) throws Malformed {
    switch (shape.form()) {
      case OBJECT -> {
        if (first == '{') {
          object(shape);
        } else {
          mismatch("an object", first);
        }
      }
      case TIMESTAMP, DURATION, FIELD_MASK -> {
        if (first == '"') {
          try {
            shape.form().parse(json.string());
          } catch (Unreadable e) {
            wrong(e.complaint());
          }
        } else {
          mismatch("a string", first);
        }
      }
      case WRAPPER -> single(shape.get("value"), first);
      case STRUCT -> {
        if (first == '{') {
          anything(first);
        } else {
          mismatch("an object", first);
        }
      }
      case LIST -> {
        if (first == '[') {
          anything(first);
        } else {
          mismatch("an array", first);
        }
      }
      case VALUE -> anything(first);
      case ANY -> throw new IllegalStateException("google.protobuf.Any is not transcoded");
    }
  }

  // The value of a google.protobuf.Value, whose names must still be unique and numbers in range.
  private void anything(char first) throws Malformed {
    int length = path.length();
    if (first == '{') {
      Set<String> seen = new HashSet<>();
      json.enter('{');
      if (!json.empty('}')) {
        do {
          String name = json.name();
          path.append("[\"").append(shortened(name)).append("\"]");
          if (!seen.add(name)) {
            wrong("is given twice");
          }
          anything(json.peek());
          path.setLength(length);
        } while (json.more('}'));
      }
    } else if (first == '[') {
      json.enter('[');
      if (!json.empty(']')) {
        int index = 0;
        do {
          path.append('[').append(index++).append(']');
          anything(json.peek());
          path.setLength(length);
        } while (json.more(']'));
      }
    } else if (isNumber(first)) {
      String number = json.number();
      if (!Scalars.isNumber(number) || Double.isInfinite(Double.parseDouble(number))) {
        wrong("must be a number of at most " + Double.MAX_VALUE);
      }
    } else {
      json.skip();
    }
  }

  private static boolean isNumber(char first) {
    return first == '-' || (first >= '0' && first <= '9');
  }

  private void mismatch(String wanted, char first) throws Malformed {
    String given =
        switch (first) {
          case '{' -> "an object";
          case '[' -> "an array";
          case '"' -> "a string";
          case 't', 'f' -> "a boolean";
          case 'n' -> "null";
          default -> "a number";
        };
    json.skip();
    wrong("must be " + wanted + " and is " + given);
  }

  private void wrong(String complaint) {
    findings.add(path.isEmpty() ? "body" : path.toString(), complaint);
  }

  private void push(String name) {
    if (!path.isEmpty()) {
      path.append('.');
    }
    path.append(name);
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
  }
}
