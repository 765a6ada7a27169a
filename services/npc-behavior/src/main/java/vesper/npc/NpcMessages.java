package vesper.npc;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import vesper.ai.v1.AnswerPath;
import vesper.npc.Encounter.Bond;
import vesper.npc.Talks.Transcript;
import vesper.npc.v1.ActionResult;
import vesper.npc.v1.ConversationEnded;
import vesper.npc.v1.ConversationStatus;
import vesper.npc.v1.ConverseAction;
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

  private static final AnswerPath PATH = AnswerPath.ANSWER_PATH_SCRIPTED;

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

  static ConverseEvent started(String conversation, Turn turn, Part part) {
    return ConverseEvent.newBuilder()
        .setStarted(
            ConverseStarted.newBuilder()
                .setConversationId(conversation)
                .setTurn(turn.number())
                .setPath(PATH)
                .setNpcName(part.npc().getName()))
        .build();
  }

  /// Returns all that is sent of a turn between its start and its end.
  static List<ConverseEvent> answer(Turn turn) {
    List<ConverseEvent> events = new ArrayList<>();
    turn.manner()
        .feeling()
        .map(feeling ->
            ConverseEmotion.newBuilder().setKind(feeling.kind()).setIntensity(feeling.intensity()))
        .ifPresent(shown -> events.add(ConverseEvent.newBuilder().setEmotion(shown).build()));
    var pieces = Texts.pieces(turn.answer());
    for (int seq = 0; seq < pieces.size(); seq++) {
      var text = ConverseText.newBuilder().setSeq(seq).setText(pieces.get(seq));
      events.add(ConverseEvent.newBuilder().setText(text).build());
    }
    turn.manner()
        .feelings()
        .map(NpcMessages::changeOfRelation)
        .ifPresent(action -> events.add(ConverseEvent.newBuilder().setAction(action).build()));
    return events;
  }

  private static ConverseAction changeOfRelation(boolean moved) {
    var action = ConverseAction.newBuilder().setKind("change_relation");
    return moved
        ? action.setResult(ActionResult.ACTION_RESULT_APPLIED).build()
        : action
            .setResult(ActionResult.ACTION_RESULT_REJECTED)
            .setReason("the talk has moved the relation as far as a talk can")
            .build();
  }

  static ConverseEvent ended(Turn turn, long firstTextMicros) {
    return ConverseEvent.newBuilder()
        .setEnded(
            ConverseEnded.newBuilder()
                .setReason(
                    turn.over() ? EndReason.END_REASON_FAREWELL : EndReason.END_REASON_COMPLETE)
                .setPath(PATH)
                .setDecisionId(turn.decision())
                .setUsage(
                    ConverseUsage.newBuilder()
                        .setCharacters(turn.answer().codePointCount(0, turn.answer().length()))
                        .setMemories(turn.manner().memories())
                        .setFirstTextMicros(firstTextMicros))
                .setGameSeconds(turn.gameSeconds())
                .setConversationOver(turn.over()))
        .build();
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
    transcript.turns().forEach(turn -> message.addTurns(turn(turn)));
    return message.build();
  }

  private static vesper.npc.v1.Turn turn(Turn turn) {
    return vesper.npc.v1.Turn.newBuilder()
        .setTurn(turn.number())
        .setUtterance(turn.utterance())
        .setAnswer(turn.answer())
        .setPath(PATH)
        .setDecisionId(turn.decision())
        .setGameSeconds(turn.gameSeconds())
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

  static RecalledMemory recalled(Memories.Found found) {
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
