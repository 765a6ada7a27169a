package vesper.worldpack;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ListValue;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import vesper.pack.v1.Npc;

/// P019: a slot that is unknown or never filled where it stands, and text on a banned topic. The
/// length of a persona, also P019, is a rule of its message.
final class TextCheck implements PackCheck {
  private static final List<String> SLOT_KEYS = Stream.of(Slot.values()).map(Slot::key).toList();

  @Override
  public void check(Draft draft, Findings findings) {
    var banned = BannedTopics.with(draft.pack().message().getBannedTermsList());
    Stream.of(
            Stream.of(
                draft.pack(), draft.calendar(), draft.regions(), draft.factions(), draft.state()),
            draft.npcs().stream(),
            draft.dialogues().stream(),
            draft.narratives().stream().map(Manuscript::front))
        .flatMap(documents -> documents)
        .forEach(document -> checkBanned(document, banned, findings));
    draft.narratives().forEach(manuscript -> checkBody(manuscript, banned, findings));
    for (var dialogue : draft.dialogues()) {
      var templates = dialogue.message().getTemplatesList();
      for (int i = 0; i < templates.size(); i++) {
        var filled = Slot.filled(templates.get(i).getIntent(), templates.get(i).getWhen());
        var path = "templates[%d].lines".formatted(i);
        checkLines(dialogue, path, templates.get(i).getLinesList(), filled, findings);
      }
    }
    for (var npc : draft.npcs()) {
      checkNpc(npc, findings);
    }
  }

  private static void checkNpc(Document<Npc> npc, Findings findings) {
    var topics = npc.message().getKnowledgeList();
    for (int i = 0; i < topics.size(); i++) {
      var path = "knowledge[%d].text".formatted(i);
      checkLines(npc, path, topics.get(i).getTextList(), Slot.always(), findings);
    }
    var relations = npc.message().getRelationsList();
    for (int i = 0; i < relations.size(); i++) {
      var path = "relations[%d].says".formatted(i);
      checkLines(npc, path, relations.get(i).getSaysList(), Slot.always(), findings);
    }
  }

  private static void checkLines(
      Document<?> document, String path, List<String> lines, Set<Slot> filled, Findings findings) {
    for (int i = 0; i < lines.size(); i++) {
      var at = "%s[%d]".formatted(path, i);
      var scanned = Line.scan(lines.get(i));
      for (var fault : scanned.faults()) {
        if (fault.slot().isEmpty()) {
          findings.error(
              "P019", document, at, "A brace stands alone.", "Write {{ or }} for a brace.");
        } else {
          findings.error(
              "P019",
              document,
              at,
              "Unknown slot {%s}.".formatted(fault.slot()),
              Suggestion.hint(fault.slot(), SLOT_KEYS));
        }
      }
      var never = scanned.line().slots();
      never.removeAll(filled);
      never.remove(Slot.LAST_TOPIC);
      for (var slot : never) {
        findings.error(
            "P019",
            document,
            at,
            "The slot {%s} has no value here, so the line is never said.".formatted(slot.key()),
            "Look up in the format reference when it has one.");
      }
    }
  }

  private static void checkBanned(Document<?> document, BannedTopics banned, Findings findings) {
    forEachText(
        document.message(),
        "",
        (path, text) ->
            banned
                .find(text)
                .filter(_ -> !path.startsWith("banned_terms"))
                .ifPresent(topic ->
                    findings.error(
                        "P019",
                        document,
                        path,
                        "The text touches a banned topic: %s.".formatted(topic),
                        "Write it another way.")));
  }

  /// Looks for banned topics in each paragraph of a document.
  private static void checkBody(Manuscript manuscript, BannedTopics banned, Findings findings) {
    var paragraph = new StringBuilder();
    int begin = manuscript.bodyLine();
    int line = manuscript.bodyLine();
    for (var text : Stream.concat(manuscript.body().lines(), Stream.of("")).toList()) {
      if (text.isBlank()) {
        var at = new Position(begin, 1);
        banned
            .find(paragraph.toString())
            .ifPresent(topic ->
                findings.error(
                    "P019",
                    manuscript.front().file(),
                    at,
                    "",
                    "The text touches a banned topic: %s.".formatted(topic),
                    "Write it another way."));
        paragraph.setLength(0);
        begin = line + 1;
      }
      paragraph.append(text).append(' ');
      line++;
    }
  }

  private static void forEachText(
      Message message, String path, BiConsumer<String, String> consumer) {
    switch (message) {
      case Struct struct ->
          struct
              .getFieldsMap()
              .forEach((key, value) -> forEachText(value, child(path, key), consumer));
      case ListValue list -> {
        for (int i = 0; i < list.getValuesCount(); i++) {
          forEachText(list.getValues(i), "%s[%d]".formatted(path, i), consumer);
        }
      }
      case Value value when value.hasStringValue() -> consumer.accept(path, value.getStringValue());
      case Value value when value.hasStructValue() ->
          forEachText(value.getStructValue(), path, consumer);
      case Value value when value.hasListValue() ->
          forEachText(value.getListValue(), path, consumer);
      case Value _ -> {}
      default ->
          message
              .getAllFields()
              .forEach(
                  (field, value) -> accept(field, value, child(path, field.getName()), consumer));
    }
  }

  private static void accept(
      FieldDescriptor field, Object value, String path, BiConsumer<String, String> consumer) {
    if (!field.isRepeated()) {
      acceptOne(value, path, consumer);
      return;
    }
    var values = (List<?>) value;
    for (int i = 0; i < values.size(); i++) {
      if (field.isMapField()) {
        var entry = (MapEntry<?, ?>) values.get(i);
        acceptOne(entry.getValue(), child(path, (String) entry.getKey()), consumer);
      } else {
        acceptOne(values.get(i), "%s[%d]".formatted(path, i), consumer);
      }
    }
  }

  private static void acceptOne(Object value, String path, BiConsumer<String, String> consumer) {
    if (value instanceof Message message) {
      forEachText(message, path, consumer);
    } else if (value instanceof String text) {
      consumer.accept(path, text);
    }
  }

  private static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
