package vesper.gateway.transcoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.PathTemplate.Segment;

/// Finds what an HTTP method and a path stand for. Where several templates fit, a verb beats none,
/// then from left to right a literal beats `*` and `*` beats `**`.
final class PathTable<T> {
  /// The answer to a look-up.
  sealed interface Lookup<T> {
    /// A template fits.
    ///
    /// @param target what was added with it
    /// @param template the template
    /// @param segments the path's segments, still percent-encoded and without the verb
    record Found<T>(T target, PathTemplate template, List<String> segments) implements Lookup<T> {}

    /// Templates fit, but only with other methods.
    record OtherMethods<T>(SortedSet<String> methods) implements Lookup<T> {}

    /// No template fits.
    record Unknown<T>() implements Lookup<T> {}
  }

  private record Entry<T>(T target, PathTemplate template) {}

  private static final class Node<T> {
    final Map<String, Node<T>> literals = new HashMap<>();
    @Nullable Node<T> one;

    // By verb and method: of templates that end here, and of those that end here with `**`.
    final Map<String, Map<String, Entry<T>>> ends = new HashMap<>();
    final Map<String, Map<String, Entry<T>>> openEnds = new HashMap<>();

    Node<T> next(Segment segment) {
      if (segment instanceof Segment.Literal literal) {
        return literals.computeIfAbsent(literal.text(), text -> new Node<>());
      }
      Node<T> next = one;
      if (next == null) {
        next = new Node<>();
        one = next;
      }
      return next;
    }
  }

  private final Node<T> root = new Node<>();
  private final Set<String> verbs = new HashSet<>();

  /// Adds a template.
  ///
  /// @throws IllegalArgumentException when another one fits exactly the same requests
  void add(String method, PathTemplate template, T target) {
    Node<T> node = root;
    boolean open = template.endsOpen();
    List<Segment> closed = template.segments();
    for (Segment segment : open ? closed.subList(0, closed.size() - 1) : closed) {
      node = node.next(segment);
    }
    Entry<T> before =
        (open ? node.openEnds : node.ends)
            .computeIfAbsent(template.verb(), verb -> new HashMap<>())
            .putIfAbsent(method, new Entry<>(target, template));
    if (before != null) {
      throw new IllegalArgumentException(
          "two routes fit the same " + method + " requests: " + before.target() + " and " + target);
    }
    if (!template.verb().isEmpty()) {
      verbs.add(template.verb());
    }
  }

  /// Looks up a path that is still percent-encoded and has no query.
  Lookup<T> find(String method, String path) {
    List<String> segments = split(path);
    SortedSet<String> otherMethods = new TreeSet<>();
    String last = segments.isEmpty() ? "" : segments.getLast();
    int colon = last.lastIndexOf(':');
    if (colon >= 0 && verbs.contains(last.substring(colon + 1))) {
      List<String> bare = new ArrayList<>(segments);
      bare.set(bare.size() - 1, last.substring(0, colon));
      Entry<T> entry = walk(root, bare, 0, last.substring(colon + 1), method, otherMethods);
      if (entry != null) {
        return new Lookup.Found<>(entry.target(), entry.template(), bare);
      }
    }
    Entry<T> entry = walk(root, segments, 0, "", method, otherMethods);
    if (entry != null) {
      return new Lookup.Found<>(entry.target(), entry.template(), segments);
    }
    return otherMethods.isEmpty()
        ? new Lookup.Unknown<>()
        : new Lookup.OtherMethods<>(otherMethods);
  }

  private @Nullable Entry<T> walk(
      Node<T> node,
      List<String> segments,
      int at,
      String verb,
      String method,
      SortedSet<String> otherMethods) {
    if (at == segments.size()) {
      Entry<T> end = pick(node.ends, verb, method, otherMethods);
      return end != null ? end : pick(node.openEnds, verb, method, otherMethods);
    }
    String segment = segments.get(at);
    Node<T> literal = node.literals.get(segment);
    if (literal != null) {
      Entry<T> found = walk(literal, segments, at + 1, verb, method, otherMethods);
      if (found != null) {
        return found;
      }
    }
    if (node.one != null && !segment.isEmpty()) {
      Entry<T> found = walk(node.one, segments, at + 1, verb, method, otherMethods);
      if (found != null) {
        return found;
      }
    }
    return pick(node.openEnds, verb, method, otherMethods);
  }

  private static <T> @Nullable Entry<T> pick(
      Map<String, Map<String, Entry<T>>> ends,
      String verb,
      String method,
      SortedSet<String> otherMethods) {
    Map<String, Entry<T>> byMethod = ends.get(verb);
    if (byMethod == null) {
      return null;
    }
    Entry<T> entry = byMethod.get(method);
    if (entry == null) {
      otherMethods.addAll(byMethod.keySet());
    }
    return entry;
  }

  private static List<String> split(String path) {
    List<String> segments = new ArrayList<>(8);
    int from = 1;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      if (slash < 0) {
        segments.add(path.substring(from));
        return segments;
      }
      segments.add(path.substring(from, slash));
      from = slash + 1;
      if (from == path.length()) {
        segments.add("");
      }
    }
    return segments;
  }
}
