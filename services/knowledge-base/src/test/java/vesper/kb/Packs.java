package vesper.kb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import vesper.worldpack.WorldPack;

/// The people of the sample world with documents of the tests.
final class Packs {
  static final String WORLD = "body-broker";
  static final Map<String, String> DOCUMENTS =
      Map.of(
          "01-river",
          """
          ---
          id: 01-river
          title: The River
          tags: [ferry, water]
          closed:
            - heading: What the ferrymen carry
              audience: [["FACTION:stitch_guild"], ["NPC:mara-vey"]]
              terms: [drowned ledger, nine hooks]
          rumours: [The bell under the river]
          ---
          # The River
          The river divides Ostrey. Larch boats cross it, and nobody trails a hand in the water.

          ## The last boat
          The last boat leaves at dusk from the Ferry Stairs. The ferryman asks for a coin and a tune.

          ## What the ferrymen carry
          Under the planks lies the drowned ledger, wrapped in oilcloth and hung from nine hooks.

          ### Where it is read
          The ledger is read aloud in Suture Street on Bonedays.

          ## The bell under the river
          They say a bronze bell rings below the ice each winter.
          """,
          "02-hospital",
          """
          ---
          id: 02-hospital
          title: The Hospital
          audience: [["FACTION:saint_orrins"], ["ROLE:gravedigger", "REGION:lych-field"]]
          closed:
            - heading: The tenth bed
              audience: [["NPC:ilka-thorne"], ["NPC:hob-garrity"], ["NPC:mara-vey"]]
              terms: [tenth bed, Nine Hooks]
          ---
          The mortuary of Saint Orrin makes a profit, and the governors decided not to ask.

          ## The tenth bed
          There is a tenth bed in a ward of nine, and its patient pays rent.
          """,
          "03-market",
          """
          ---
          id: 03-market
          title: The Market
          closed:
            - heading: The red thread
              audience: [["SECRET:1"]]
              terms: [red thread]
          ---
          # The Market
          ## Prices
          Hands are sold by weight, and fingers by the dozen.

          ## The red thread
          Who wears a red thread buys for the Synod.
          """);

  private Packs() {}

  /// Returns the pack with the documents of the tests.
  static WorldPack standard() {
    return with(DOCUMENTS);
  }

  /// Returns the pack with documents by id and nothing else to read.
  static WorldPack with(Map<String, String> documents) {
    var sample =
        Path.of(System.getProperty("vesper.home", "../..")).resolve("worlds").resolve(WORLD);
    try {
      var pack = Files.createTempDirectory("pack");
      try (var files = Files.walk(sample)) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          var name = sample.relativize(file).toString();
          if (!name.endsWith(".md")) {
            write(pack.resolve(name), Files.readString(file));
          }
        }
      }
      for (var document : new TreeMap<>(documents).entrySet()) {
        write(pack.resolve("narrative/" + document.getKey() + ".md"), document.getValue());
      }
      var loaded = WorldPack.load(pack);
      delete(pack);
      return loaded;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
