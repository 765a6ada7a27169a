package vesper.gateway.transcoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vesper.gateway.transcoding.PathTable.Lookup;
import vesper.gateway.transcoding.PathTemplate.Segment;
import vesper.gateway.transcoding.PathTemplate.Variable;

class PathTableTest {
  @Test
  void parse_everyNotation() {
    PathTemplate template = PathTemplate.parse("/v1/{a.b}/{c=x/*/**}:verb");

    assertThat(template.segments())
        .containsExactly(
            new Segment.Literal("v1"),
            new Segment.One(),
            new Segment.Literal("x"),
            new Segment.One(),
            new Segment.Rest());
    assertThat(template.variables())
        .containsExactly(new Variable("a.b", 1, 2, false), new Variable("c", 2, 5, true));
    assertThat(template.verb()).isEqualTo("verb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v1",
        "/v1//a",
        "/v1/",
        "/{a",
        "/{a=}",
        "/{}",
        "/{a={b}}",
        "/**/a",
        "/{a=**}/b",
        "/a:",
        "/a:b:c",
        "/a}",
        "/a*",
        "/{a}/{a}",
        "/***"
      })
  void parse_malformed_isRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PathTemplate.parse(text));
  }

  @Test
  void add_sameRequestsTwice_isRefused() {
    PathTable<String> table = new PathTable<>();
    table.add("GET", PathTemplate.parse("/v1/{a}:x"), "first");
    table.add("POST", PathTemplate.parse("/v1/{a}:x"), "other method");
    table.add("GET", PathTemplate.parse("/v1/{a}:y"), "other verb");
    table.add("GET", PathTemplate.parse("/v1/{a=**}:x"), "open");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.add("GET", PathTemplate.parse("/v1/{b}:x"), "second"))
        .withMessageContainingAll("first", "second");
  }

  @Test
  void find_colonInAValue_isNoVerbUnlessDeclared() {
    PathTable<String> table = new PathTable<>();
    table.add("GET", PathTemplate.parse("/npcs/{id}"), "get");
    table.add("POST", PathTemplate.parse("/npcs/{id}:talk"), "talk");

    assertThat(found(table, "GET", "/npcs/npc:mara")).contains("get npc:mara");
    assertThat(found(table, "POST", "/npcs/npc:mara:talk")).contains("talk npc:mara");
    assertThat(found(table, "GET", "/npcs/npc:mara:talk")).contains("get npc:mara:talk");
    assertThat(table.find("POST", "/npcs/npc:mara")).isEqualTo(other("GET"));
    assertThat(table.find("PUT", "/npcs/npc:mara:talk")).isEqualTo(other("GET", "POST"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/npcs", "/npcs/", "//npcs/a", "/npcs//", "/npcs/a/", "*"})
  void find_unknownPath(String path) {
    PathTable<String> table = new PathTable<>();
    table.add("GET", PathTemplate.parse("/npcs/{id}"), "get");

    assertThat(table.find("GET", path)).isEqualTo(new Lookup.Unknown<String>());
  }

  @Property(tries = 2000)
  void find_choosesAsTheRuleSays(
      @ForAll("templates") Set<String> templates, @ForAll("paths") String path) {
    PathTable<String> table = new PathTable<>();
    templates.forEach(text -> table.add("GET", PathTemplate.parse(text), text));

    Optional<String> expected =
        templates.stream()
            .filter(text -> fits(PathTemplate.parse(text), path))
            .min(Comparator.comparing(PathTableTest::rank));

    Optional<String> actual =
        table.find("GET", path) instanceof Lookup.Found<String> found
            ? Optional.of(found.target())
            : Optional.empty();
    assertThat(actual).isEqualTo(expected);
    if (expected.isPresent()) {
      assertThat(table.find("POST", path)).isEqualTo(other("GET"));
    } else {
      assertThat(table.find("POST", path)).isEqualTo(new Lookup.Unknown<String>());
    }
  }

  @Provide
  Arbitrary<Set<String>> templates() {
    Arbitrary<String> segment = Arbitraries.of("a", "b", "*");
    Arbitrary<String> path = segment.list().ofMinSize(1).ofMaxSize(3).map(PathTableTest::path);
    Arbitrary<String> open = path.map(text -> text + "/**");
    return Combinators.combine(Arbitraries.oneOf(path, open), Arbitraries.of("", ":x"))
        .as((text, verb) -> text + verb)
        .set()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(LinkedHashSet::new);
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of("a", "b", "c", "a:x", "b:y")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(PathTableTest::path);
  }

  private static String path(List<String> segments) {
    return "/" + String.join("/", segments);
  }

  private static boolean fits(PathTemplate template, String path) {
    String rest = path;
    if (!template.verb().isEmpty()) {
      if (!path.endsWith(":" + template.verb())) {
        return false;
      }
      rest = path.substring(0, path.length() - template.verb().length() - 1);
    }
    List<String> pattern = new ArrayList<>();
    for (Segment segment : template.segments()) {
      pattern.add(
          switch (segment) {
            case Segment.Literal literal -> "/" + literal.text();
            case Segment.One one -> "/[^/]+";
            case Segment.Rest all -> "(/.*)?";
          });
    }
    return rest.matches(String.join("", pattern));
  }

  private static String rank(String text) {
    PathTemplate template = PathTemplate.parse(text);
    StringBuilder rank = new StringBuilder(template.verb().isEmpty() ? "1" : "0");
    for (Segment segment : template.segments()) {
      rank.append(
          switch (segment) {
            case Segment.Literal literal -> '0';
            case Segment.One one -> '1';
            case Segment.Rest rest -> '2';
          });
    }
    return rank.toString();
  }

  private static Optional<String> found(PathTable<String> table, String method, String path) {
    return table.find(method, path) instanceof Lookup.Found<String> found
        ? Optional.of(found.target() + " " + found.segments().getLast())
        : Optional.empty();
  }

  private static Lookup<String> other(String... methods) {
    return new Lookup.OtherMethods<>(new java.util.TreeSet<>(List.of(methods)));
  }
}
