package vesper.kb;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.List;
import java.util.Set;
import vesper.kb.Chapter.Standing;
import vesper.pack.v1.Authority;
import vesper.pack.v1.Clause;
import vesper.pack.v1.Narrative;
import vesper.retrieval.Audience;
import vesper.retrieval.Chunker;
import vesper.retrieval.Section;
import vesper.retrieval.Sections;
import vesper.worldpack.NarrativeDocument;
import vesper.worldpack.WorldPack;

/// Takes the documents of a pack apart.
final class PackVolumes {
  private final Chunker chunker;

  PackVolumes(Chunker chunker) {
    this.chunker = chunker;
  }

  /// Returns the documents by id.
  List<Volume> of(WorldPack pack) {
    return pack.narratives().values().stream().map(this::volume).toList();
  }

  private Volume volume(NarrativeDocument document) {
    var narrative = document.narrative();
    var sections = Sections.of(narrative.getTitle(), document.body());
    for (var closed : narrative.getClosedList()) {
      if (sections.stream().noneMatch(section -> lies(section, closed.getHeading()))) {
        // The part would be open under another heading.
        throw new IllegalStateException(
            "%s has no words under the heading \"%s\", which is to be closed"
                .formatted(document.file(), closed.getHeading()));
      }
    }
    return new Volume(
        narrative.getId(),
        narrative.getTitle(),
        narrative.getTagsList(),
        document.sha256(),
        sections.stream().map(section -> chapter(narrative, section)).toList());
  }

  private Chapter chapter(Narrative narrative, Section section) {
    var audience =
        narrative.getAudienceCount() == 0
            ? Audience.EVERYBODY
            : audience(narrative.getAudienceList());
    var terms = Set.<String>of();
    for (var closed : narrative.getClosedList()) {
      if (lies(section, closed.getHeading())) {
        audience = audience.and(audience(closed.getAudienceList()));
        terms = Set.copyOf(closed.getTermsList());
      }
    }
    boolean isRumour =
        narrative.getRumoursList().stream().anyMatch(heading -> lies(section, heading));
    return new Chapter(
        narrative.getId() + "#" + section.slug(),
        section.headings(),
        section.text(),
        new Standing(isRumour ? Certainty.RUMOUR : certainty(narrative.getAuthority()), audience),
        terms.stream().sorted().toList(),
        chunker.chunks(narrative.getId(), section));
  }

  /// Whether a section stands under a heading, its own or one above it. Capitals make no
  /// difference: the first heading may differ from the title in them.
  private static boolean lies(Section section, String heading) {
    return section.headings().stream().anyMatch(heading::equalsIgnoreCase);
  }

  private static Audience audience(List<Clause> clauses) {
    return new Audience(
        clauses.stream()
            .map(clause -> clause.getLabelsList().stream().collect(toUnmodifiableSet()))
            .toList());
  }

  private static Certainty certainty(Authority authority) {
    return switch (authority) {
      case AUTHORITY_RUMOUR -> Certainty.RUMOUR;
      case AUTHORITY_NARRATOR -> Certainty.NARRATOR;
      case AUTHORITY_WORLD_EVENT -> Certainty.WORLD_EVENT;
      case AUTHORITY_CANON -> Certainty.CANON;
      case AUTHORITY_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalStateException("A pack that was loaded says how sure its documents are");
    };
  }
}
