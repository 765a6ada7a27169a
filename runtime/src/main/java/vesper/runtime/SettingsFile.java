package vesper.runtime;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads a YAML file into full keys, each with the line it stands on.
final class SettingsFile {
  private static final int LARGEST = 1 << 20;

  private final Path file;
  private final List<String> problems;
  private final Map<String, GivenSetting> found = new LinkedHashMap<>();

  private SettingsFile(Path file, List<String> problems) {
    this.file = file;
    this.problems = problems;
  }

  /// Returns what the file holds, nothing when it does not exist, and adds what is wrong with it to
  /// `problems`.
  static Map<String, GivenSetting> read(Path file, List<String> problems) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    SettingsFile reading = new SettingsFile(file, problems);
    LoadSettings settings =
        LoadSettings.builder().setLabel(file.toString()).setCodePointLimit(LARGEST).build();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      new Compose(settings).composeReader(reader).ifPresent(root -> reading.add("", root));
    } catch (MarkedYamlEngineException e) {
      problems.add(reading.at(e.getProblemMark()) + ": not YAML: " + e.getProblem());
    } catch (IOException | YamlEngineException e) {
      problems.add(file + ": cannot be read: " + e.getMessage());
    }
    return reading.found;
  }

  private void add(String key, Node node) {
    switch (node) {
      case MappingNode mapping -> {
        for (NodeTuple entry : mapping.getValue()) {
          if (entry.getKeyNode() instanceof ScalarNode name) {
            add(
                key.isEmpty() ? name.getValue() : key + "." + name.getValue(),
                entry.getValueNode());
          } else {
            problems.add(at(entry.getKeyNode().getStartMark()) + ": a key must be a text");
          }
        }
      }
      case SequenceNode sequence -> put(key, sequence, items(key, sequence));
      case ScalarNode scalar -> put(key, scalar, scalar.getValue());
      default -> problems.add(at(node.getStartMark()) + ": aliases are not supported");
    }
  }

  private String items(String key, SequenceNode sequence) {
    return sequence.getValue().stream()
        .map(item -> {
          boolean plain = item instanceof ScalarNode scalar && scalar.getValue().indexOf(',') < 0;
          if (!plain) {
            problems.add(
                at(item.getStartMark()) + ": " + key + " takes plain texts without commas");
            return "";
          }
          return ((ScalarNode) item).getValue();
        })
        .collect(Collectors.joining(","));
  }

  private void put(String key, Node node, String text) {
    String origin = at(node.getStartMark());
    GivenSetting before = found.put(key, new GivenSetting(key, text, origin));
    if (before != null) {
      problems.add(origin + ": " + key + " is given again, first at " + before.origin());
    }
  }

  private String at(Optional<Mark> mark) {
    Path name = file.getFileName();
    return (name == null ? file : name) + mark.map(at -> ":" + (at.getLine() + 1)).orElse("");
  }
}
