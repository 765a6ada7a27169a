package vesper.ai;

import vesper.ai.v1.Fallback;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.Passage;
import vesper.ai.v1.Prompt;
import vesper.ai.v1.Sla;

/// Requests for answers.
final class Requests {
  static final String FALLBACK = "The tide is out.";
  static final String CLOSING = "Ask me tomorrow.";

  private Requests() {}

  static GenerateRequest.Builder dialogue() {
    return dialogue("Where is the ledger?");
  }

  static GenerateRequest.Builder dialogue(String words) {
    return GenerateRequest.newBuilder()
        .setWorldId("harbour")
        .setUseCase("dialogue")
        .setPlayerId("player-1")
        .setNpcId("npc:mira")
        .setConversationId("talk-1")
        .setSla(Sla.SLA_INTERACTIVE)
        .setPrompt(
            Prompt.newBuilder()
                .setPersona("Mira keeps the ledger of the harbour. She is brief.")
                .setSpeaker("Mira")
                .addConstantLore("The harbour never freezes.")
                .addPassages(
                    Passage.newBuilder()
                        .setNumber(1)
                        .setHeading("Harbour")
                        .setText("The ledger is bound in eel skin and kept below the stairs."))
                .addMemories("The player asked for salt once.")
                .setPlayerInput(words))
        .setFallback(Fallback.newBuilder().setText(FALLBACK).setClosing(CLOSING));
  }
}
