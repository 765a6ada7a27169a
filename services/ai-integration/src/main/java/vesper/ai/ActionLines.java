package vesper.ai;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import vesper.ai.v1.ProposedAction;

/// Takes out of a model's words what it proposes to do: from `ACTION {` to the end of the line. It
/// is never shown, whether it can be read or not.
final class ActionLines {
  private static final String WORD = "ACTION";
  private static final int MOST_ACTIONS = 8;
  private static final int MOST_CHARS = 4_096;

  private final Set<String> allowed;
  private final List<ProposedAction> actions = new ArrayList<>();
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder action = new StringBuilder();
  private boolean inAction;
  private int refused;

  /// @param allowed kinds
  ActionLines(Set<String> allowed) {
    this.allowed = allowed;
  }

  /// Returns what of the words is no action, as far as that is known.
  String accept(String token) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < token.length(); i++) {
      take(token.charAt(i), words);
    }
    return words.toString();
  }

  /// Returns what was held back and turned out to be words.
  String finish() {
    if (inAction) {
      endAction();
    }
    String words = held.toString();
    held.setLength(0);
    return words;
  }

  /// What is proposed and allowed.
  List<ProposedAction> actions() {
    return List.copyOf(actions);
  }

  /// How many proposals were of other kinds or no proposals at all.
  int refused() {
    return refused;
  }

  private void take(char next, StringBuilder words) {
    if (inAction) {
      if (next == '\n') {
        endAction();
      } else if (action.length() < MOST_CHARS) {
        action.append(next);
      }
      return;
    }
    if (next == '{' && held.length() >= WORD.length()) {
      held.setLength(0);
      action.append(next);
      inAction = true;
    } else if (continues(next)) {
      held.append(next);
    } else {
      words.append(held);
      held.setLength(0);
      // What ended the beginning of an action may begin one itself.
      if (continues(next)) {
        held.append(next);
      } else {
        words.append(next);
      }
    }
  }

  /// Whether a character goes on with the held beginning of an action, or is one.
  private boolean continues(char next) {
    int length = held.length();
    if (length == 0) {
      return next == WORD.charAt(0);
    }
    return length < WORD.length() ? next == WORD.charAt(length) : next == ' ' && length < 32;
  }

  private void endAction() {
    inAction = false;
    String json = action.toString();
    action.setLength(0);
    try {
      var read = JsonParser.parseString(json).getAsJsonObject();
      String kind = read.has("kind") ? read.get("kind").getAsString() : "";
      if (!allowed.contains(kind) || actions.size() == MOST_ACTIONS) {
        refused++;
        return;
      }
      Struct.Builder arguments = Struct.newBuilder();
      if (read.has("arguments")) {
        JsonFormat.parser().merge(read.get("arguments").toString(), arguments);
      }
      actions.add(ProposedAction.newBuilder().setKind(kind).setArguments(arguments).build());
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | InvalidProtocolBufferException e) {
      // No object, or not the members that were asked for.
      refused++;
    }
  }
}
