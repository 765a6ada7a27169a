package vesper.kb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Collections.unmodifiableNavigableMap;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import vesper.retrieval.Hit;
import vesper.retrieval.Passage;
import vesper.retrieval.PassageIndex;
import vesper.retrieval.Query;
import vesper.retrieval.RankingRules;

/// The documents of one world as they were at one version, ready to be searched. Immutable.
final class Shelf {
  private final String world;
  private final long version;
  private final NavigableMap<String, Volume> volumes = new TreeMap<>();
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Meant> vectors;
  private final Optional<String> usualSpace;
  private final Optional<String> space;
  private final String digest;
  private final PassageIndex index;

  /// A section and the document it stands in.
  record Place(Volume volume, Chapter chapter) {}

  /// A passage that was found and where it stands.
  record Found(Hit hit, Place place) {}

  /// What a search gave.
  ///
  /// @param byMeaning whether passages were ranked by meaning, too
  /// @param closedTerms words of closed sections that no open section claims
  record Result(List<Found> found, boolean byMeaning, List<String> closedTerms) {}

  /// A passage without a vector, and the text to make it from.
  record Blank(String chunk, String text) {}

  Shelf(String world, VolumeTable.Stored stored, RankingRules rules) {
    this.world = world;
    version = stored.version();
    vectors = Map.copyOf(stored.vectors());
    stored.volumes().forEach(volume -> volumes.put(volume.id(), volume));
    for (var volume : volumes.values()) {
      volume.chapters().forEach(chapter -> places.put(chapter.id(), new Place(volume, chapter)));
    }
    usualSpace = usualSpace(vectors);
    // Passages without a vector would never stand in the list by meaning: so it is all or none.
    space = usualSpace.filter(u -> blanks(Optional.of(u)).isEmpty());
    digest = digest(volumes);
    index = PassageIndex.of(passages(), rules);
  }

  private static Optional<String> usualSpace(Map<String, Meant> vectors) {
    return vectors.values().stream()
        .collect(groupingBy(Meant::space, counting()))
        .entrySet()
        .stream()
        .max(
            Map.Entry.<String, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey);
  }

  private static String digest(NavigableMap<String, Volume> volumes) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      volumes.forEach(
          (id, volume) -> sha.update((id + " " + volume.sha256() + "\n").getBytes(UTF_8)));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private List<Passage> passages() {
    List<Passage> passages = new ArrayList<>();
    for (var place : places.values()) {
      var chapter = place.chapter();
      for (var chunk : chapter.chunks()) {
        var vector =
            Optional.ofNullable(vectors.get(chunk.id()))
                .filter(_ -> space.isPresent())
                .map(Meant::vector);
        passages.add(
            new Passage(chapter.id(), chunk, chapter.standing().certainty().rank(), vector));
      }
    }
    return passages;
  }

  String world() {
    return world;
  }

  long version() {
    return version;
  }

  /// Returns the digest of all documents, in hexadecimal.
  String digest() {
    return digest;
  }

  /// Returns the space in which most of the vectors are, if there are any.
  Optional<String> usualSpace() {
    return usualSpace;
  }

  /// Returns the space in which all passages have a vector, if there is one.
  Optional<String> space() {
    return space;
  }

  /// Returns the number of passages.
  int size() {
    return index.size();
  }

  /// Returns the documents by id.
  NavigableMap<String, Volume> volumes() {
    return unmodifiableNavigableMap(volumes);
  }

  Optional<Place> find(String section) {
    return Optional.ofNullable(places.get(section));
  }

  /// Returns the ids of all sections.
  Set<String> sections() {
    return places.keySet();
  }

  /// Returns a document with its open sections; none when all are closed.
  Optional<Volume> open(String document, Asking asking) {
    return Optional.ofNullable(volumes.get(document))
        .map(volume ->
            new Volume(
                volume.id(),
                volume.title(),
                volume.tags(),
                volume.sha256(),
                volume.chapters().stream().filter(asking::isOpen).toList()))
        .filter(volume -> !volume.chapters().isEmpty());
  }

  /// Returns the passages without a vector in a space; without any when none is named.
  List<Blank> blanks(Optional<String> wanted) {
    List<Blank> blanks = new ArrayList<>();
    for (var place : places.values()) {
      for (var chunk : place.chapter().chunks()) {
        var meant = vectors.get(chunk.id());
        if (meant == null || !wanted.orElse(meant.space()).equals(meant.space())) {
          blanks.add(new Blank(chunk.id(), chunk.inContext()));
        }
      }
    }
    return blanks;
  }

  /// Returns the open passages that fit a query best. A meaning in another space than that of the
  /// passages does not count.
  Result search(String words, Optional<Meant> meaning, Limits limits, Asking asking) {
    Set<String> open = new HashSet<>();
    places.forEach((id, place) -> {
      if (asking.isOpen(place.chapter())) {
        open.add(id);
      }
    });
    var vector = meaning.filter(m -> space.equals(Optional.of(m.space()))).map(Meant::vector);
    var query = new Query(words, vector, limits.passages(), limits.tokens());
    List<Found> found = new ArrayList<>();
    for (var hit : index.search(query, open::contains)) {
      find(hit.passage().section()).ifPresent(place -> found.add(new Found(hit, place)));
    }
    return new Result(List.copyOf(found), vector.isPresent(), closedTerms(open));
  }

  /// How much a search may give.
  ///
  /// @param tokens of all passages together; 0 for no limit
  record Limits(int passages, int tokens) {}

  private List<String> closedTerms(Set<String> open) {
    Set<String> openTerms = new HashSet<>();
    Set<String> closedTerms = new TreeSet<>();
    places.forEach((id, place) -> {
      for (var term : place.chapter().terms()) {
        if (open.contains(id)) {
          openTerms.add(folded(term));
        } else {
          closedTerms.add(term);
        }
      }
    });
    return closedTerms.stream().filter(term -> !openTerms.contains(folded(term))).toList();
  }

  private static String folded(String term) {
    return term.toLowerCase(Locale.ROOT);
  }
}
