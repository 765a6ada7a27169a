package vesper.routing;

import java.util.Comparator;
import java.util.List;

/// Orders endpoints for a key so that every replica orders them alike, and so that one that comes
/// or goes moves only the keys that it wins or had won: weighted rendezvous hashing (Schindelhauer
/// and Schomaker, "Weighted Distributed Hash Tables", 2005; the logarithmic method).
final class Rendezvous {
  private static final long FNV_START = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private Rendezvous() {}

  /// Returns the members, the one that the key belongs to first.
  static List<Member> order(String key, List<Member> members) {
    return members.stream()
        .sorted(
            Comparator.comparingDouble((Member member) -> distance(key, member.endpoint()))
                .thenComparing(member -> member.endpoint().id()))
        .toList();
  }

  private static double distance(String key, Endpoint endpoint) {
    long hash = mix(text(text(FNV_START, key) ^ 0x1F, endpoint.id()));
    double uniform = ((hash >>> 11) + 0.5) * 0x1.0p-53;
    return -Math.log(uniform) / endpoint.slots();
  }

  /// FNV-1a.
  private static long text(long start, String text) {
    long hash = start;
    for (int index = 0; index < text.length(); index++) {
      hash = (hash ^ text.charAt(index)) * FNV_PRIME;
    }
    return hash;
  }

  /// The finaliser of SplitMix64: every bit of the input moves half of the output.
  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
