package vesper.kb;

import vesper.kb.GrantTable.Lesson;
import vesper.kb.Shelf.Found;
import vesper.kb.v1.Asker;
import vesper.kb.v1.Authority;
import vesper.kb.v1.Citation;
import vesper.kb.v1.Document;
import vesper.kb.v1.KnowledgeGrant;
import vesper.kb.v1.KnowledgeHit;
import vesper.kb.v1.Section;

/// What is known, in the words of the contract.
final class KnowledgeMessages {

  private KnowledgeMessages() {}

  /// Returns a document without its sections.
  static Document.Builder heading(String world, Volume volume) {
    return Document.newBuilder()
        .setWorldId(world)
        .setDocumentId(volume.id())
        .setTitle(volume.title())
        .addAllTags(volume.tags())
        .setSha256(volume.sha256());
  }

  static Document document(String world, Volume volume) {
    var document = heading(world, volume);
    for (var chapter : volume.chapters()) {
      document.addSections(
          Section.newBuilder()
              .setSectionId(chapter.id())
              .addAllHeadings(chapter.headings())
              .setText(chapter.text())
              .setAuthority(authority(chapter.standing().certainty())));
    }
    return document.build();
  }

  static KnowledgeHit hit(String world, Found found) {
    var hit = found.hit();
    var chunk = hit.passage().chunk();
    var chapter = found.place().chapter();
    var volume = found.place().volume();
    return KnowledgeHit.newBuilder()
        .setChunkId(chunk.id())
        .setCitation(
            Citation.newBuilder()
                .setDocumentId(volume.id())
                .setSectionId(chapter.id())
                .setTitle(volume.title())
                .addAllHeadings(chapter.headings())
                .setStart(chunk.start())
                .setEnd(chunk.end())
                .setPath("/v1/worlds/%s/documents/%s".formatted(world, volume.id())))
        .setText(chunk.text())
        .setTokens(chunk.tokens())
        .setScore(hit.score())
        .setWordsRank(hit.wordsRank())
        .setMeaningRank(hit.meaningRank())
        .setCosine(hit.cosine())
        .setAuthority(authority(chapter.standing().certainty()))
        .build();
  }

  static KnowledgeGrant grant(Lesson lesson, String fromWhom) {
    var subject = Asker.newBuilder();
    switch (lesson.subject().kind()) {
      case NPC -> subject.setNpcId(lesson.subject().id());
      case PLAYER -> subject.setPlayerId(lesson.subject().id());
    }
    return KnowledgeGrant.newBuilder()
        .setWorldId(lesson.world())
        .setSubject(subject)
        .setSectionId(lesson.section())
        .setFromWhom(fromWhom)
        .build();
  }

  private static Authority authority(Certainty certainty) {
    return switch (certainty) {
      case RUMOUR -> Authority.AUTHORITY_RUMOUR;
      case NARRATOR -> Authority.AUTHORITY_NARRATOR;
      case WORLD_EVENT -> Authority.AUTHORITY_WORLD_EVENT;
      case CANON -> Authority.AUTHORITY_CANON;
    };
  }
}
