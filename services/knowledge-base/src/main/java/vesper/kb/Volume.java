package vesper.kb;

import java.util.List;

/// A document of a world, taken apart.
///
/// @param id unlike that of any other document of the world
/// @param tags what it is about, in single words
/// @param sha256 of its bytes, in hexadecimal
/// @param chapters what stands in it, in order
record Volume(String id, String title, List<String> tags, String sha256, List<Chapter> chapters) {
  Volume {
    tags = List.copyOf(tags);
    chapters = List.copyOf(chapters);
  }
}
