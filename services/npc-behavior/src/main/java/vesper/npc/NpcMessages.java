package vesper.npc;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import vesper.ai.v1.AnswerPath;
import vesper.npc.Encounter.Bond;
import vesper.npc.Memories.Found;
import vesper.npc.Talks.Transcript;
import vesper.npc.Turn.Feeling;
import vesper.npc.v1.ActionResult;
import vesper.npc.v1.ConversationEnded;
import vesper.npc.v1.ConversationStatus;
import vesper.npc.v1.ConverseAction;
import vesper.npc.v1.ConverseCitation;
import vesper.npc.v1.ConverseEmotion;
import vesper.npc.v1.ConverseEnded;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseStarted;
import vesper.npc.v1.ConverseText;
import vesper.npc.v1.ConverseUsage;
import vesper.npc.v1.EndReason;
import vesper.npc.v1.MemoryKind;
import vesper.npc.v1.Npc;
import vesper.npc.v1.RecalledMemory;

/// The domain in the messages of the contract.
final class NpcMessages {

  private NpcMessages() {}

  /// Returns what everybody may know of a person.
  static Npc npc(String world, Part part) {
    var npc = part.npc();
    return Npc.newBuilder()
        .setWorldId(world)
        .setNpcId(npc.getId())
        .setName(npc.getName())
        .setTitle(npc.getTitle())
        .setFaction(npc.getFaction())
        .setRegion(npc.getHome().getRegion())
        .setPlace(part.place().getName())
        .build();
  }

  static ConverseEvent started(String conversation, int turn, AnswerPath path, Part part) {
    return ConverseEvent.newBuilder()
        .setStarted(
            ConverseStarted.newBuilder()
                .setConversationId(conversation)
                .setTurn(turn)
                .setPath(path)
                .setNpcName(part.npc().getName()))
        .build();
  }

  /// Returns all that is sent of a turn between its start and its end.
  static List<ConverseEvent> answer(Turn turn) {
    List<ConverseEvent> events = new ArrayList<>();
    turn.manner().feeling().ifPresent(feeling -> events.add(emotion(feeling)));
    events.addAll(words(turn.answer(), 0));
    events.addAll(after(turn));
    return events;
  }

  static ConverseEvent emotion(Feeling feeling) {
    return ConverseEvent.newBuilder()
        .setEmotion(
            ConverseEmotion.newBuilder().setKind(feeling.kind()).setIntensity(feeling.intensity()))
        .build();
  }

  /// Returns words in pieces.
  ///
  /// @param seq number of the first
  static List<ConverseEvent> words(String words, int seq) {
    List<ConverseEvent> events = new ArrayList<>();
    for (var piece : Texts.pieces(words)) {
      var text = ConverseText.newBuilder().setSeq(seq + events.size()).setText(piece);
      events.add(ConverseEvent.newBuilder().setText(text).build());
    }
    return events;
  }

  /// Returns all that is sent of a turn between its words and its end.
  static List<ConverseEvent> after(Turn turn) {
    var citations =
        turn.origin().citations().stream()
            .map(each -> ConverseEvent.newBuilder().setCitation(citation(each)).build());
    var deeds =
        turn.manner().deeds().stream()
            .map(each -> ConverseEvent.newBuilder().setAction(action(each)).build());
    return Stream.concat(citations, deeds).toList();
  }

  private static ConverseCitation citation(Citation citation) {
    return ConverseCitation.newBuilder()
        .setNumber(citation.number())
        .setTitle(citation.title())
        .setDocumentId(citation.document())
        .setSectionId(citation.section())
        .setPath(citation.path())
        .build();
  }

  private static ConverseAction action(Deed deed) {
    return ConverseAction.newBuilder()
        .setKind(deed.kind())
        .setResult(
            deed.refused().isPresent()
                ? ActionResult.ACTION_RESULT_REJECTED
                : ActionResult.ACTION_RESULT_APPLIED)
        .setReason(deed.refused().orElse(""))
        .build();
  }

  static ConverseEvent ended(Turn turn, long firstTextMicros) {
    return ConverseEvent.newBuilder()
        .setEnded(
            ConverseEnded.newBuilder()
                .setReason(reason(turn))
                .setPath(turn.origin().path())
                .setDegraded(turn.origin().degraded())
                .setDecisionId(turn.decision())
                .setUsage(
                    ConverseUsage.newBuilder()
                        .setCharacters(turn.answer().codePointCount(0, turn.answer().length()))
                        .setMemories(turn.manner().memories())
                        .setFirstTextMicros(firstTextMicros)
                        .setPassages(turn.origin().passages())
                        .setInputTokens(turn.origin().inputTokens())
                        .setOutputTokens(turn.origin().outputTokens()))
                .setGameSeconds(turn.gameSeconds())
                .setConversationOver(turn.over()))
        .build();
  }

  private static EndReason reason(Turn turn) {
    return switch (turn.origin().ending()) {
      case TRUNCATED -> EndReason.END_REASON_TRUNCATED;
      case GUARD -> EndReason.END_REASON_GUARD;
      case COMPLETE -> turn.over() ? EndReason.END_REASON_FAREWELL : EndReason.END_REASON_COMPLETE;
    };
  }

  static vesper.npc.v1.Conversation conversation(Transcript transcript) {
    var conversation = transcript.conversation();
    var message =
        vesper.npc.v1.Conversation.newBuilder()
            .setConversationId(conversation.id())
            .setWorldId(conversation.pair().world())
            .setNpcId(conversation.pair().npc())
            .setPlayerId(conversation.pair().player())
            .setStatus(
                conversation.isOpen()
                    ? ConversationStatus.CONVERSATION_STATUS_OPEN
                    : ConversationStatus.CONVERSATION_STATUS_ENDED)
            .setStartedAt(timestamp(conversation.startedAt()));
    conversation
        .end()
        .ifPresent(end -> message.setEndedAt(timestamp(end.at())).setSummary(end.summary()));
    for (var turn : transcript.turns()) {
      var memories = transcript.memories().getOrDefault(turn.number(), List.of());
      message.addTurns(turn(turn, memories));
    }
    return message.build();
  }

  private static vesper.npc.v1.Turn turn(Turn turn, List<Found> memories) {
    return vesper.npc.v1.Turn.newBuilder()
        .setTurn(turn.number())
        .setUtterance(turn.utterance())
        .setAnswer(turn.answer())
        .setPath(turn.origin().path())
        .setDecisionId(turn.decision())
        .setGameSeconds(turn.gameSeconds())
        .addAllMemories(memories.stream().map(NpcMessages::recalled).toList())
        .addAllCitations(turn.origin().citations().stream().map(NpcMessages::citation).toList())
        .build();
  }

  /// Returns the event that a conversation is over.
  static ConversationEnded ended(Conversation conversation) {
    return ConversationEnded.newBuilder()
        .setWorldId(conversation.pair().world())
        .setConversationId(conversation.id())
        .setNpcId(conversation.pair().npc())
        .setPlayerId(conversation.pair().player())
        .setTurns(conversation.turns())
        .setSummary(conversation.end().map(Conversation.End::summary).orElse(""))
        .build();
  }

  static vesper.npc.v1.Memory memory(MemoryTable.Stored stored) {
    var memory = stored.remembered().memory();
    var message =
        vesper.npc.v1.Memory.newBuilder()
            .setMemoryId(memory.id())
            .setKind(MemoryKind.valueOf("MEMORY_KIND_" + memory.kind().name()))
            .setText(memory.text())
            .setImportance(memory.importance())
            .setCreatedGameSeconds(memory.createdAt())
            .setLastUsedGameSeconds(memory.lastUsedAt())
            .setPlayerId(stored.player());
    stored
        .remembered()
        .fact()
        .ifPresent(fact ->
            message.setFact(
                vesper.npc.v1.Fact.newBuilder()
                    .setSubject(fact.subject())
                    .setPredicate(MemoryTable.word(fact.predicate()))
                    .setValue(fact.value())));
    return message.build();
  }

  static RecalledMemory recalled(Found found) {
    var score = found.recalled().score();
    return RecalledMemory.newBuilder()
        .setMemory(memory(found.stored()))
        .setScore(score.total())
        .setRecency(score.recency())
        .setImportance(score.importance())
        .setRelevance(score.relevance())
        .build();
  }

  /// Returns how one stands to another.
  static vesper.npc.v1.Relation relation(
      String npc, String other, Relation feelings, long version) {
    return vesper.npc.v1.Relation.newBuilder()
        .setNpcId(npc)
        .setOtherId(other)
        .setTrust(feelings.trust())
        .setAffection(feelings.affection())
        .setRespect(feelings.respect())
        .setFear(feelings.fear())
        .setStanding(feelings.standing())
        .setVersion(version)
        .build();
  }

  static vesper.npc.v1.Relation relation(String npc, String other, Bond bond) {
    return relation(npc, other, bond.feelings(), bond.version());
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
