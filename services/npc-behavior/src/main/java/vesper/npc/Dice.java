package vesper.npc;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Random choices that repeat: a stream fixed by a world's seed, who it is for, a tick and a
/// purpose.
final class Dice {
  // SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014),
  // started from a
  // mix of the seed with FNV-1a hashes of the names.

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  private Dice(long state) {
    this.state = state;
  }

  static Dice of(long worldSeed, String entity, long tick, String purpose) {
    long hash = mix(worldSeed ^ fnv1a(entity));
    hash = mix(hash ^ fnv1a(purpose));
    return new Dice(mix(hash + tick * GOLDEN));
  }

  long next() {
    state += GOLDEN;
    return mix(state);
  }

  /// Returns a number from 0 to below a bound, all equally likely.
  int below(int bound) {
    long unfair = Long.remainderUnsigned(-bound, bound);
    long random = next();
    while (Long.compareUnsigned(random * bound, unfair) < 0) {
      random = next();
    }
    return (int) Math.unsignedMultiplyHigh(random, bound);
  }

  <T> T pick(List<T> from) {
    return from.get(below(from.size()));
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  private static long fnv1a(String text) {
    long hash = 0xCBF29CE484222325L;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }
}
